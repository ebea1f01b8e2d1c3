package remote

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"keystead/shared/api"
)

// defaultURL is where a server listens unless it is told otherwise.
const defaultURL = "http://127.0.0.1:8080"

// maxKey is the longest thing that is read as a key, in bytes.
const maxKey = 4 << 10

// call is one run of a command.
type call struct {
	Streams
	env   []string
	words []string // behind the command's own words

	json, keyStdin, insecure bool
	keyFile                  string
}

// client is the server of KEYSTEAD_URL, asked with the caller's key.
func (c *call) client() (*client, error) {
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	return newClient(cmp.Or(variable(c.env, "KEYSTEAD_URL"), defaultURL), key, c.insecure)
}

// key is what the server is asked with: a flag wins over the variable.
func (c *call) key() (api.Secret, error) {
	switch {
	case c.keyStdin && c.keyFile != "":
		return api.Secret{}, misuse("--key-file and --key-stdin exclude each other")
	case c.keyStdin:
		return secretFrom(c.In, "standard input")
	case c.keyFile != "":
		return secretIn(c.keyFile)
	}
	value := variable(c.env, "KEYSTEAD_KEY")
	if value == "" {
		return api.Secret{}, misuse("an API key is needed to ask with: set KEYSTEAD_KEY, or give --key-file or --key-stdin")
	}
	return secretFrom(strings.NewReader(value), "KEYSTEAD_KEY")
}

// secretIn reads a file that holds one key.
func secretIn(path string) (api.Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return api.Secret{}, err
	}
	defer func() { _ = file.Close() }()
	return secretFrom(file, path)
}

// secretFrom reads one key: printable, on one line, as it can stand in a header.
func secretFrom(r io.Reader, from string) (api.Secret, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxKey+1))
	if err != nil {
		return api.Secret{}, fmt.Errorf("read %s: %w", from, err)
	}
	text = bytes.TrimSpace(text)
	odd := bytes.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
	if len(text) == 0 || len(text) > maxKey || odd {
		return api.Secret{}, misuse("%s holds no key: one line without spaces is expected", from)
	}
	return api.Hide(string(text)), nil
}

// id is the word that names an API key. It is not repeated: it may be a key's value.
func (c *call) id() (api.KeyID, error) {
	id, err := strconv.ParseInt(c.words[0], 10, 64)
	if err != nil || id <= 0 {
		return 0, misuse("ID is the number of an API key: keystead key list shows them")
	}
	return api.KeyID(id), nil
}

// note says something to the person, beside what was asked for.
func (c *call) note(format string, args ...any) {
	_, _ = fmt.Fprintln(c.Err, plain(fmt.Sprintf(format, args...)))
}

// print writes v as JSON.
func (c *call) print(v any) error {
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// printValue writes a value that was asked for, alone, or with its key as JSON.
func (c *call) printValue(key *api.Key, value api.Secret) error {
	if value.Empty() { // an empty file would pass for a key
		return errors.New("the server answered without a value")
	}
	if c.json {
		return c.print(struct {
			Key   *api.Key `json:"key,omitempty"`
			Value string   `json:"value"`
		}{key, value.Reveal()})
	}
	_, err := fmt.Fprintln(c.Out, value.Reveal())
	return err
}
