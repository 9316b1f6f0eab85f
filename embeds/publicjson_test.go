package embeds_test

import (
	"encoding/json"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/embeds"
)

func publicOf(t *testing.T, v archive.Video, o embeds.Options) (embeds.Public, embeds.Document) {
	t.Helper()
	d, err := renderer(t).JSON(v, o)
	if err != nil {
		t.Fatal(err)
	}
	var p embeds.Public
	if err := json.Unmarshal(d.Body, &p); err != nil {
		t.Fatal(err)
	}
	return p, d
}

func TestPublicJSONAsItIsSent(t *testing.T) {
	_, d := publicOf(t, mirrored(source("demo", "ccc", gone(archive.Removed))), options())
	golden(t, "public.json", d.Body)
	if d.Status != 200 || d.Header["Content-Type"] != "application/json" || d.Header["Access-Control-Allow-Origin"] != "*" {
		t.Errorf("status %d, headers %v", d.Status, d.Header)
	}
}

func TestPublicJSONHasNothingOfTheNewsrooms(t *testing.T) {
	v := meeting()
	v.Tags, v.Collections = []string{"private-tag"}, []string{"private-collection"}
	v.Rights = archive.Rights{Holder: "private-holder", Basis: "private-basis"}
	v.Copies = []archive.Copy{{Rights: archive.Rights{Text: "private-rights"}}}
	v.Sources[0].Standing.Reason = "private-reason"
	v.Sources[0].Standing.Transitions = []archive.Transition{{Reason: "private-transition"}}
	v.Sources[0].Described.Capture = "private-capture"
	v.Sources[0].Described.Description = "private-description"
	_, d := publicOf(t, v, options())
	if body := string(d.Body); strings.Contains(body, "private-") || strings.Contains(body, "newsroom alone") {
		t.Errorf("it tells %s", body)
	}
}

func TestPublicJSONTellsWhetherItPlays(t *testing.T) {
	p, _ := publicOf(t, mirrored(source("demo", "ccc", gone(archive.Removed))), options())
	if p.Ending != embeds.EndingPlayer || !p.Sources[0].Plays || p.Sources[1].Plays || p.Sources[1].State != archive.Gone {
		t.Errorf("it tells %+v", p)
	}
	p, _ = publicOf(t, archive.Video{ID: videoID}, options())
	if p.Ending != embeds.EndingCard || p.Sources == nil || p.Published != nil {
		t.Errorf("of nothing it tells %+v", p)
	}
}

func TestPublicJSONOfAWithdrawnVideo(t *testing.T) {
	v := meeting()
	v.Visibility.Exposure = archive.Withdrawn
	v.Explanation = archive.Text{"es": "Por petición."}
	p, d := publicOf(t, v, options())
	if !p.Withdrawn || p.Explanation != "Por petición." || len(p.Sources)+len(p.Posters) != 0 || strings.Contains(string(d.Body), "Reunión") {
		t.Errorf("it tells %s", d.Body)
	}
}

func TestPublicJSONOfAnEmbargoedVideo(t *testing.T) {
	v := meeting()
	v.Visibility = archive.Visibility{Exposure: archive.Embargoed, Until: day(2030, 1, 1)}
	if _, d := publicOf(t, v, options()); d.Status != 404 || strings.Contains(string(d.Body), videoID) {
		t.Errorf("status %d: %s", d.Status, d.Body)
	}
}
