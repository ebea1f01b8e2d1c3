package keyfmt

import "strings"

// Redact replaces everything in the form of one of our credentials.
func Redact(text string) string {
	if len(text) <= tokenPart { // as most paths and hosts are
		return text
	}
	text = redactTokens(text)
	if strings.IndexByte(text, '_') < 0 { // as in nearly every path
		return text
	}
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

// A signed token is three parts of base64url with dots between, of which the first is a
// JSON object: session cookies, request and access tokens (RFC 7515 section 3.1). Who lost
// the third part still shows the second.
const (
	tokenStart = "eyJ" // {" in base64
	tokenPart  = 16    // no part of ours is shorter
)

func redactTokens(text string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], tokenStart)
		if i < 0 {
			return text
		}
		start, end, dots := from+i, from+i, 0
		for part := end; end < len(text) && (dots < 2 && text[end] == '.' || base64url(text[end:end+1])); end++ {
			if text[end] != '.' {
				continue
			}
			if end-part < tokenPart {
				break
			}
			part, dots = end+1, dots+1
		}
		if from = end; dots > 0 {
			text = text[:start] + "[secret]" + text[end:]
			from = start + len("[secret]")
		}
	}
}

func base64url(c string) bool { return c == "-" || c == "_" || base62(c) }
