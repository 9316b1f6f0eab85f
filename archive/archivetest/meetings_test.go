package archivetest_test

import (
	"strings"
	"testing"
	"time"

	"videoteca/archive/archivetest"
)

func TestTheTwoMeetingsArePlainlySimulated(t *testing.T) {
	p := archivetest.New(archivetest.Options{BaseURL: base})
	if err := p.Add(archivetest.TwoMeetings()...); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		id, day string
		words   []string
	}{
		{archivetest.NewYorkID, "2019-09-25", []string{"Nueva York", "25 de septiembre de 2019"}},
		{archivetest.OvalOfficeID, "2025-04-14", []string{"Despacho Oval", "14 de abril de 2025"}},
	} {
		v := p.List()[i+1]
		local := v.Published.In(time.FixedZone("CST", -6*3600)).Format(time.DateOnly)
		if v.ID != want.id || local != want.day || v.Language != "es" || v.State != archivetest.Playable {
			t.Errorf("%+v", v)
		}
		for _, word := range append(want.words, "Simulación") {
			if !strings.Contains(v.Title, word) {
				t.Errorf("title %q without %q", v.Title, word)
			}
		}
		if !strings.Contains(v.ChannelTitle, "simulación") || !strings.Contains(v.Description, "simulación") {
			t.Errorf("channel %q, description %q", v.ChannelTitle, v.Description)
		}
		if strings.ContainsAny(v.Title+v.Description+v.Label, "\"“”«»") {
			t.Errorf("%s has quotation marks: nobody is quoted", v.ID)
		}
	}
}
