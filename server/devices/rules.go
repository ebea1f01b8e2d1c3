package devices

import (
	"unicode/utf8"

	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// maxText is how long what a machine says of itself may be, in code points.
const maxText = 255

// draft is a device of what a machine says of itself. None of it is proven: whoever
// has the agent access key writes what they like.
func draft(req api.Enroll) (d row, err error) {
	d.Hostname = fold.Clean(req.Hostname)
	if why := keyfmt.NameFault(d.Hostname); why != "" {
		return d, fault.At("hostname", fault.InvalidValue, "%s", why)
	}
	if d.OS, err = clean("os", req.OS); err != nil {
		return d, err
	}
	d.AgentVersion, err = clean("agent_version", req.AgentVersion)
	return d, err
}

// clean is one line of text as it is stored: not empty, nothing invisible in it.
func clean(field, text string) (string, error) {
	text = fold.Clean(text)
	switch {
	case text == "":
		return "", fault.At(field, fault.InvalidValue, "This is empty.")
	case utf8.RuneCountInString(text) > maxText:
		return "", fault.At(field, fault.InvalidValue, "This has at most %d characters.", maxText)
	case keyfmt.DescriptionFault(text) != "":
		return "", fault.At(field, fault.InvalidValue, "This has control or invisible characters, or is not valid text.")
	}
	return text, nil
}
