package archive_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
)

func TestLabelsAreAddedAndRemoved(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	for _, step := range []struct {
		labels archive.Labels
		tags   []string
	}{
		{archive.Labels{AddTags: []string{" Nueva   York ", "ONU", "onu"}}, []string{"Nueva York", "ONU"}},
		{archive.Labels{AddTags: []string{"nueva york"}, AddCollections: []string{"Cumbres"}}, []string{"Nueva York", "ONU"}},
		{archive.Labels{RemoveTags: []string{"Onu", "unknown"}, AddTags: []string{"2019"}}, []string{"Nueva York", "2019"}},
		{archive.Labels{RemoveTags: []string{"2019", "NUEVA YORK"}}, nil},
	} {
		v, err := d.Label(t.Context(), id, step.labels, "ana")
		if err != nil || !slices.Equal(v.Tags, step.tags) {
			t.Fatalf("%+v: tags %q, %v", step.labels, v.Tags, err)
		}
	}
	v, err := d.store.Video(t.Context(), id)
	if err != nil || !slices.Equal(v.Collections, []string{"Cumbres"}) {
		t.Errorf("collections %q, %v", v.Collections, err)
	}
}

func TestToLabelWithWhatIsThereWritesNothing(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	first, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"ONU"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"onu"}, RemoveCollections: []string{"none"}}, "")
	if err != nil || again.Revision != first.Revision {
		t.Errorf("revision %d after %d, %v", again.Revision, first.Revision, err)
	}
}

func TestLabelsThatCannotBeKeptAreRefused(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	many := make([]string, 101)
	for i := range many {
		many[i] = strings.Repeat("x", i%90+1) + string(rune('a'+i%26))
	}
	for name, tt := range map[string]struct {
		field  string
		labels archive.Labels
	}{
		"empty":        {"tags", archive.Labels{AddTags: []string{"a", " "}}},
		"too long":     {"collections", archive.Labels{AddCollections: []string{strings.Repeat("á", 101)}}},
		"with a comma": {"tags", archive.Labels{AddTags: []string{"a,b"}}},
		"of two lines": {"tags", archive.Labels{RemoveTags: []string{"a\nb"}}},
		"not UTF-8":    {"tags", archive.Labels{AddTags: []string{"\xff"}}},
		"too many":     {"tags", archive.Labels{AddTags: many}},
	} {
		var field *archive.FieldError
		if _, err := d.Label(t.Context(), id, tt.labels, ""); !errors.As(err, &field) || field.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Label(t.Context(), id, archive.Labels{AddCollections: []string{strings.Repeat("á", 100)}}, ""); err != nil {
		t.Errorf("a hundred characters: %v", err)
	}
	if _, err := d.Label(t.Context(), id, archive.Labels{AddTags: many[:100]}, ""); err != nil {
		t.Fatal(err)
	}
	var field *archive.FieldError
	if _, err := d.Label(t.Context(), id, archive.Labels{AddTags: []string{"one more"}}, ""); !errors.As(err, &field) {
		t.Errorf("the hundred and first: %v", err)
	}
}

func TestAFormReplacesLabels(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	for _, tags := range [][]string{{"a", "b"}, {"b", "c", "B"}, {}} {
		v, err := d.Describe(t.Context(), id, archive.Words{Tags: &tags, Collections: &tags}, "")
		want := tags[:min(2, len(tags))]
		if err != nil || !slices.Equal(v.Tags, want) || !slices.Equal(v.Collections, want) {
			t.Errorf("%q: %q, %q, %v", tags, v.Tags, v.Collections, err)
		}
	}
	bad := []string{"a,b"}
	var field *archive.FieldError
	if _, err := d.Describe(t.Context(), id, archive.Words{Collections: &bad}, ""); !errors.As(err, &field) || field.Field != "collections" {
		t.Errorf("a comma: %v", err)
	}
}
