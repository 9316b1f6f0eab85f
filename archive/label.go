package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of labels: what fits on a line, and what a record can list without losing its reader.
const (
	longestLabel = 100 // characters, and so 400 bytes at most
	mostLabels   = 100 // of one kind, of one video
)

// Labels changes the tags and collections of a video.
type Labels struct {
	AddTags, RemoveTags               []string
	AddCollections, RemoveCollections []string
}

// Empty reports whether there is nothing to add and nothing to remove.
func (l Labels) Empty() bool {
	return len(l.AddTags)+len(l.RemoveTags)+len(l.AddCollections)+len(l.RemoveCollections) == 0
}

// Check reports the first label that cannot be kept as a *FieldError.
func (l Labels) Check() error {
	for _, f := range []struct {
		name string
		list []string
	}{{"tags", l.AddTags}, {"tags", l.RemoveTags}, {"collections", l.AddCollections}, {"collections", l.RemoveCollections}} {
		if err := checkLabels(f.name, f.list); err != nil {
			return err
		}
	}
	return nil
}

func checkLabels(field string, list []string) error {
	if len(list) > mostLabels {
		return &FieldError{Field: field, Problem: fmt.Sprintf("%d are too many", len(list)), Cure: fmt.Sprintf("give at most %d", mostLabels)}
	}
	for _, label := range list {
		switch {
		case strings.TrimSpace(label) == "":
			return &FieldError{Field: field, Problem: "one of them is empty", Cure: "leave it out"}
		case utf8.RuneCountInString(label) > longestLabel:
			return &FieldError{Field: field, Problem: fmt.Sprintf("%q has %d characters", beginning(label), utf8.RuneCountInString(label)), Cure: fmt.Sprintf("use at most %d", longestLabel)}
		case !utf8.ValidString(label) || strings.ContainsFunc(label, unicode.IsControl) || strings.Contains(label, ","):
			return &FieldError{Field: field, Problem: fmt.Sprintf("%q holds a comma or a control character", label), Cure: "write each as one line of text, without commas"}
		}
	}
	return nil
}

// beginning is enough of a long label to know it by.
func beginning(label string) string { return string([]rune(label)[:20]) + "…" }

// Label adds and removes tags and collections. Labels that differ in case alone are the same; what
// stands first stays. To add what is there, or remove what is not, changes nothing.
func (l *Library) Label(ctx context.Context, id VideoID, labels Labels, actor string) (Video, error) {
	if err := labels.Check(); err != nil {
		return Video{}, err
	}
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "label"}, func(v *Video) error {
		v.Tags = relabelled(v.Tags, labels.AddTags, labels.RemoveTags)
		v.Collections = relabelled(v.Collections, labels.AddCollections, labels.RemoveCollections)
		if err := checkLabels("tags", v.Tags); err != nil {
			return err
		}
		return checkLabels("collections", v.Collections)
	})
}

// relabelled is list with what is added and without what is removed, nil for none.
func relabelled(list, add, remove []string) []string {
	var next []string
	has := func(in []string, label string) bool {
		return slices.ContainsFunc(in, func(other string) bool { return strings.EqualFold(strings.TrimSpace(other), label) })
	}
	for _, label := range slices.Concat(list, add) {
		label = strings.Join(strings.Fields(label), " ")
		if label != "" && !has(remove, label) && !has(next, label) {
			next = append(next, label)
		}
	}
	return next
}
