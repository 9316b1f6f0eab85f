package i18n

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// shapes are the messages of one language by id, each as the sorted list of its placeholders.
type shapes map[string]string

var placeholder = regexp.MustCompile(`{{-?\s*\.(\w+)`)

// shapeOf lists the placeholders of a message's "other" form, the one that every
// language has; a singular may well leave the number out.
func shapeOf(m *i18n.Message) string {
	names := map[string]bool{}
	for _, match := range placeholder.FindAllStringSubmatch(m.Other, -1) {
		names[match[1]] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// checkComplete reports every difference between a language and English at once,
// since translators fix them together.
func checkComplete(messages map[string]shapes) error {
	english, ok := messages[English]
	if !ok {
		return errors.New("loading messages: there is no en.toml")
	}
	var problems []error
	for _, tag := range slices.Sorted(maps.Keys(messages)) {
		problems = append(problems, compare(tag, english, messages[tag])...)
	}
	return errors.Join(problems...)
}

func compare(tag string, english, other shapes) []error {
	var problems []error
	for _, id := range slices.Sorted(maps.Keys(english)) {
		got, ok := other[id]
		if !ok {
			problems = append(problems, fmt.Errorf("messages in %s: %q is missing", tag, id))
			continue
		}
		if got != english[id] {
			problems = append(problems, fmt.Errorf("messages in %s: %q has the placeholders [%s], English has [%s]", tag, id, got, english[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(other)) {
		if _, ok := english[id]; !ok {
			problems = append(problems, fmt.Errorf("messages in %s: %q is not in en.toml", tag, id))
		}
	}
	return problems
}
