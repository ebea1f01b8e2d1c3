package keyfmt

import "strings"

// Redact replaces everything in the form of one of our credentials.
func Redact(text string) string {
	for _, kind := range Kinds {
		prefix := string(kind) + "_"
		for from := 0; ; {
			i := strings.Index(text[from:], prefix)
			if i < 0 {
				break
			}
			start := from + i
			end := start + len(prefix)
			for end < len(text) && (text[end] == '_' || base62(text[end:end+1])) {
				end++
			}
			if end-start < len(prefix)+SecretLen {
				from = end
				continue
			}
			text = text[:start] + "[secret]" + text[end:]
			from = start + len("[secret]")
		}
	}
	return text
}
