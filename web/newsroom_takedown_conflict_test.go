package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"videoteca/archive"
)

// decide sends one of the forms of the bare video's takedown page, as it stands in a page that was opened before, with
// other values in some of its fields.
func (s *staffed) decide(t *testing.T, page, verb string, who with, pairs ...string) *http.Response {
	t.Helper()
	path := "/videos/" + string(bare) + "/" + verb
	fields := typed(t, page, path)
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return s.ask(t, http.MethodPost, path+"?lang=es", fields.Encode(), who)
}

func TestAPageFromBeforeEndsNoWithdrawal(t *testing.T) {
	s := newStaffed(t)
	ana, luis := s.as(t, "editor"), s.as(t, "admin")
	before := text(t, s.get(t, takedownPath+"?lang=es&preview=erase", luis))
	s.after(t, "/videos/"+string(bare)+"/withdraw", form("explanation.es", "A petición de la familia."), ana)
	for verb, sent := range map[string][]string{
		"embargo":  {"until", "2026-05-01T06:00"},
		"withdraw": {"explanation.es", "Por orden judicial."},
		"hold":     {"reason", "Caso 13"},
		"erase":    {"basis", "RGPD art. 17", "reason", "una carta", "confirm", string(bare)},
	} {
		r := s.decide(t, before, verb, luis, sent...)
		page := text(t, r)
		if r.StatusCode != http.StatusConflict || !strings.Contains(page, "Otra persona decidió algo sobre este video") || !strings.Contains(page, "Retirado") {
			t.Errorf("%s: %d: %s", verb, r.StatusCode, page)
			continue
		}
		if v := s.now(bare); v.Visibility.Exposure != archive.Withdrawn || v.Explanation["es"] != "A petición de la familia." || v.LegalHold != nil {
			t.Errorf("%s: it was done all the same: %+v", verb, v)
		}
		again := typed(t, page, "/videos/"+string(bare)+"/"+verb)
		for i := 0; i < len(sent); i += 2 {
			if got := again.Get(sent[i]); sent[i] != "confirm" && got != sent[i+1] {
				t.Errorf("%s: of %q in %s the page has %q", verb, sent[i+1], sent[i], got)
			}
		}
	}
}

func TestWhoHasSeenWhatOthersDecidedMayDecideOtherwise(t *testing.T) {
	s := newStaffed(t)
	ana, luis := s.as(t, "editor"), s.as(t, "admin")
	before := text(t, s.get(t, takedownPath+"?lang=es", luis))
	s.after(t, "/videos/"+string(bare)+"/withdraw", form("explanation.es", "A petición de la familia."), ana)
	page := text(t, s.decide(t, before, "embargo", luis, "until", "2026-05-01T06:00"))
	if r := s.decide(t, page, "embargo", luis); r.StatusCode != http.StatusSeeOther {
		t.Errorf("pressed again: %d", r.StatusCode)
	}
	if v := s.now(bare); v.Visibility.Exposure != archive.Embargoed || v.Explanation["es"] != "A petición de la familia." {
		t.Errorf("%+v, %v", v.Visibility, v.Explanation)
	}
}

func TestAPageFromBeforePublishesNothingUnseen(t *testing.T) {
	s := newStaffed(t)
	ana, luis := s.as(t, "editor"), s.as(t, "admin")
	s.after(t, "/videos/"+string(bare)+"/embargo", form("until", "2026-05-01T06:00"), ana)
	before := text(t, s.get(t, takedownPath+"?lang=es", luis))
	s.after(t, "/videos/"+string(bare)+"/withdraw", form("explanation.es", "Por orden judicial."), ana)
	if r := s.decide(t, before, "publish", luis); r.StatusCode != http.StatusConflict || s.now(bare).Visibility.Exposure != archive.Withdrawn {
		t.Errorf("got %d, %+v", r.StatusCode, s.now(bare).Visibility)
	}
}

func TestOfTwoExplanationsNoneIsLostUnseen(t *testing.T) {
	s := newStaffed(t)
	ana, luis := s.as(t, "editor"), s.as(t, "admin")
	before := text(t, s.get(t, takedownPath+"?lang=es", luis))
	s.after(t, "/videos/"+string(bare)+"/withdraw", form("explanation.es", "A petición de la familia.", "explanation.en", "At the family's request."), ana)
	page := text(t, s.decide(t, before, "withdraw", luis, "explanation.es", "Por orden judicial."))
	if got := clashes(t, page); len(got) != 1 || got["explanation.es"] != "A petición de la familia." {
		t.Fatalf("the page asks about %q", got)
	}
	again := typed(t, page, "/videos/"+string(bare)+"/withdraw")
	if again.Get("explanation.es") != "Por orden judicial." || again.Get("explanation.en") != "At the family's request." {
		t.Errorf("typed and decided, together: %v", again)
	}
	send := func(fields url.Values) *http.Response {
		return s.ask(t, http.MethodPost, "/videos/"+string(bare)+"/withdraw?lang=es", fields.Encode(), luis)
	}
	r := send(chosen(again))
	if page := text(t, r); r.StatusCode != http.StatusConflict || clashes(t, page)["explanation.es"] != "A petición de la familia." {
		t.Errorf("without a choice: %d", r.StatusCode)
	}
	for pick, want := range map[string]string{"theirs": "A petición de la familia.", "mine": "Por orden judicial."} {
		s.shelf.mu.Lock()
		s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) {
			v.Explanation = archive.Text{"es": "A petición de la familia.", "en": "At the family's request."}
		})
		s.shelf.mu.Unlock()
		fields := typed(t, page, "/videos/"+string(bare)+"/withdraw")
		if r := send(chosen(fields, "explanation.es", pick)); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", pick, r.StatusCode)
		}
		if v := s.now(bare); v.Explanation["es"] != want || v.Explanation["en"] != "At the family's request." {
			t.Errorf("%s: %v", pick, v.Explanation)
		}
	}
}

func TestTheExplanationsLanguagesAreThoseOfTheRecordToo(t *testing.T) {
	s := newStaffed(t)
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) { v.Explanation = archive.Text{"pt": "A pedido da família."} })
	editor := s.as(t, "editor")
	page := text(t, s.get(t, takedownPath+"?lang=es", editor))
	if r := s.decide(t, page, "withdraw", editor, "explanation.es", "A petición de la familia."); r.StatusCode != http.StatusSeeOther {
		t.Errorf("got %d", r.StatusCode)
	}
	if v := s.now(bare); v.Explanation["pt"] != "A pedido da família." || v.Explanation["es"] != "A petición de la familia." {
		t.Errorf("%v", v.Explanation)
	}
	page = text(t, s.get(t, takedownPath+"?lang=es", editor))
	s.decide(t, page, "withdraw", editor, "explanation.pt", " ")
	if v := s.now(bare); len(v.Explanation) != 1 {
		t.Errorf("what was emptied is still there: %v", v.Explanation)
	}
}

// An audit and an editor write records too, and nobody who takes a video down is to be bothered with either.
func TestWhatElseHappensToARecordIsNoConflict(t *testing.T) {
	s := newStaffed(t)
	editor := s.as(t, "editor")
	page := text(t, s.get(t, takedownPath+"?lang=es", editor))
	s.after(t, "/videos/"+string(bare)+"/check", "", editor)
	s.after(t, "/videos/"+string(bare), form("title.es", "Otro título"), editor)
	for range 2 { // a button may be pressed twice
		if r := s.decide(t, page, "withdraw", editor, "explanation.es", "A petición."); r.StatusCode != http.StatusSeeOther {
			t.Errorf("got %d: %s", r.StatusCode, text(t, r))
		}
	}
}

func TestAHoldThatWasPlacedMeanwhileIsNotLiftedByAccident(t *testing.T) {
	s := newStaffed(t)
	admin := s.as(t, "admin")
	before := text(t, s.get(t, takedownPath+"?lang=es", admin))
	s.shelf.videos[bare] = changed(s.shelf.videos[bare], func(v *archive.Video) { v.LegalHold = &archive.LegalHold{Reason: "Caso 12", By: "ana", At: now()} })
	r := s.decide(t, before, "hold", admin, "reason", "Caso 13")
	page := text(t, r)
	if r.StatusCode != http.StatusConflict || !strings.Contains(page, "Caso 12") || !strings.Contains(page, "Caso 13") || s.now(bare).LegalHold.Reason != "Caso 12" {
		t.Errorf("got %d, %+v", r.StatusCode, s.now(bare).LegalHold)
	}
	if got := typed(t, page, "/videos/"+string(bare)+"/lift-hold").Get("reason"); got != "" {
		t.Errorf("the form that lifts the hold has %q, which was typed to place one", got)
	}
}
