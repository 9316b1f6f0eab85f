package scan

import (
	"slices"
	"strings"
)

// Markup reports whether somebody pasted HTML, such as a platform's embed code, and not addresses.
func Markup(pasted string) bool {
	i := strings.IndexByte(pasted, '<')
	if i >= 0 && strings.HasPrefix(pasted[i+1:], "http") { // mail programs put addresses in angle brackets
		return false
	}
	return i >= 0 && i+1 < len(pasted) && (pasted[i+1] == '!' || pasted[i+1]|0x20 >= 'a' && pasted[i+1]|0x20 <= 'z')
}

// mostAddresses is how many addresses one paste may hold.
const mostAddresses = 500

// Addresses splits what somebody pasted into addresses, each once, in order: one on a line, or with
// spaces, commas, bullets, numbers or quotes around them. Text without any address with a scheme is
// taken line by line, so that youtu.be/… and bare ids come through.
func Addresses(pasted string) []string {
	var schemed, lines []string
	for line := range strings.Lines(pasted) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>\"“”«»\u00a0", r) }) {
			if i := strings.Index(word, "http"); i >= 0 && (strings.HasPrefix(word[i:], "http://") || strings.HasPrefix(word[i:], "https://")) {
				schemed = append(schemed, strings.TrimRight(word[i:], ",;.)]'"))
			}
		}
	}
	if len(schemed) > 0 {
		lines = schemed
	}
	return firsts(lines)
}

func firsts(list []string) []string {
	var out []string
	for _, one := range list {
		if !slices.Contains(out, one) && len(out) < mostAddresses {
			out = append(out, one)
		}
	}
	return out
}
