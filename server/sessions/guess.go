package sessions

import (
	"strings"
	"unicode"

	"keystead/server/fold"
)

// Passwords of 15 characters are rarely on lists of common ones as they stand; what
// is common is how they are made: a word twice, a word and a run of digits, a row
// of the keyboard. So a password is taken apart into such pieces, and it is too
// easy if there are few. This refuses far more than a list of a size that could be
// shipped, and costs neither memory nor time at the start.
const (
	ofWord   = 2 // a word that everyone tries, or one about the person
	ofNumber = 2 // up to four digits
	ofRun    = 1 // 1234, cba, aaaa, qwer, a year
	ofRepeat = 1 // what was there before
	ofLetter = 1 // a character that nothing explains

	// enough is what a good password costs at least: four words of the list, or
	// eight unexplained characters.
	enough = 8
)

const (
	longestWord = 40
	guessed     = 64 // characters looked at; a password that is easy for so long stays easy
)

// guessable reports whether a password is made of so few common pieces that it would
// be tried early. about are texts about the person.
func guessable(password string, about []string) bool {
	text := []rune(strings.Map(significant, fold.Text(password)))
	if len(text) > guessed {
		text = text[:guessed]
	}
	plain := []rune(strings.Map(unleet, string(text)))
	personal := wordsOf(about)
	cost := make([]int, len(text)+1)
	for end := 1; end <= len(text); end++ {
		cost[end] = cost[end-1] + ofLetter
		for start := end - 3; start >= 0; start-- {
			if piece := pieceCost(text, plain, personal, start, end); piece > 0 {
				cost[end] = min(cost[end], cost[start]+piece)
			}
		}
	}
	return cost[len(text)] < enough
}

// pieceCost is what the piece from start to end costs as one, or 0 if it is none.
func pieceCost(text, plain []rune, personal map[string]bool, start, end int) int {
	if isRun(text[start:end]) || isRepeat(text, start, end) {
		return ofRun
	}
	if end-start > longestWord {
		return 0
	}
	raw, word := string(text[start:end]), string(plain[start:end])
	for _, w := range []string{raw, word, reversed(plain[start:end])} {
		if commonWords[w] || personal[w] {
			return ofWord
		}
	}
	if len(raw) <= 4 && digits(raw) {
		return ofNumber
	}
	return 0
}

// isRun reports a sequence (abcd, 4321, aaaa), a row of a keyboard, or a year.
func isRun(piece []rune) bool {
	step, even := piece[1]-piece[0], true
	for i := 2; i < len(piece); i++ {
		even = even && piece[i]-piece[i-1] == step
	}
	if even && step >= -1 && step <= 1 {
		return true
	}
	text := string(piece)
	if len(piece) == 4 && (strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20")) && digits(text) {
		return true
	}
	if len(piece) >= 4 {
		for _, row := range keyboardRows {
			if strings.Contains(row, text) {
				return true
			}
		}
	}
	return false
}

// isRepeat reports whether the piece only goes on with what stood before it: it may
// overlap that, as in ababab.
func isRepeat(text []rune, start, end int) bool {
	return start > 0 && strings.Contains(string(text[:end-1]), string(text[start:end]))
}

// wordsOf are the words of texts about a person, and each text as one word.
func wordsOf(about []string) map[string]bool {
	words := map[string]bool{}
	add := func(word string) {
		if word = strings.Map(significant, word); len([]rune(word)) >= 3 {
			words[word] = true
			words[strings.Map(unleet, word)] = true
		}
	}
	for _, text := range about {
		text = fold.Text(text)
		add(text)
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			add(word)
		}
	}
	return words
}

// significant drops what only separates.
func significant(r rune) rune {
	if unicode.IsSpace(r) || strings.ContainsRune("-_.,;:/+'\"", r) {
		return -1
	}
	return r
}

// unleet undoes the usual disguises.
func unleet(r rune) rune {
	if letter, ok := leet[r]; ok {
		return letter
	}
	return r
}

var leet = map[rune]rune{
	'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', '$': 's', '!': 'i', '€': 'e',
}

func digits(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

func reversed(piece []rune) string {
	back := make([]rune, len(piece))
	for i, r := range piece {
		back[len(piece)-1-i] = r
	}
	return string(back)
}
