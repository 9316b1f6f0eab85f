package youtube_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// now is the time of the tests that depend on one.
func now() time.Time { return time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC) }

const open = `"uploadStatus":"processed","privacyStatus":"public","embeddable":true`

func TestEveryItemOfTheAPIHasItsOutcome(t *testing.T) {
	later := time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)
	region := func(r archive.Restriction) []archive.Restriction {
		r.Aspect = archive.AspectRegion
		return []archive.Restriction{r}
	}
	only := func(a archive.Aspect) []archive.Restriction { return []archive.Restriction{{Aspect: a}} }
	everywhere := strings.TrimSuffix(strings.Repeat(`"XX",`, 249), ",")
	for name, c := range map[string]struct {
		parts        string
		outcome      archive.Outcome
		reason       string
		restrictions []archive.Restriction
	}{
		"public":               {`"status":{` + open + `}`, archive.Playable, "", nil},
		"made for kids":        {`"status":{"uploadStatus":"processed","privacyStatus":"unlisted","embeddable":true,"madeForKids":true}`, archive.Playable, "privacyStatus=unlisted; madeForKids=true", nil},
		"unlisted":             {`"status":{"uploadStatus":"processed","privacyStatus":"unlisted","embeddable":true}`, archive.Playable, "privacyStatus=unlisted", nil},
		"without parts":        {`"etag":"x"`, archive.Playable, "", nil},
		"private":              {`"status":{"privacyStatus":"private","embeddable":true}`, archive.Private, "privacyStatus=private", nil},
		"private, was to come": {`"status":{"privacyStatus":"private","publishAt":"2026-04-14T11:00:00Z"}`, archive.Private, "privacyStatus=private", nil},
		"private, to come": {`"status":{"privacyStatus":"private","embeddable":true,"publishAt":"2026-04-15T09:00:00Z"}`,
			archive.Restricted, "scheduled", []archive.Restriction{{Aspect: archive.AspectScheduled, From: later}}},
		"deleted":            {`"status":{"uploadStatus":"deleted"}`, archive.Removed, "uploadStatus=deleted", nil},
		"failed":             {`"status":{"uploadStatus":"failed","failureReason":"codec"}`, archive.Removed, "uploadStatus=failed, failureReason=codec", nil},
		"rejected":           {`"status":{"uploadStatus":"rejected","rejectionReason":"copyright"}`, archive.Removed, "uploadStatus=rejected, rejectionReason=copyright", nil},
		"rejected, no why":   {`"status":{"uploadStatus":"rejected"}`, archive.Removed, "uploadStatus=rejected", nil},
		"processing":         {`"status":{"uploadStatus":"uploaded","embeddable":true}`, archive.Restricted, "uploadStatus=uploaded", only(archive.AspectProcessing)},
		"on air":             {`"snippet":{"liveBroadcastContent":"live"},"status":{"uploadStatus":"uploaded","embeddable":true}`, archive.Playable, "", nil},
		"embedding off":      {`"status":{"uploadStatus":"processed","embeddable":false}`, archive.EmbeddingDisabled, "embeddable=false", only(archive.AspectEmbedding)},
		"allowed somewhere":  {`"status":{` + open + `},"contentDetails":{"regionRestriction":{"allowed":["SV","US"]}}`, archive.Restricted, "regionRestriction", region(archive.Restriction{Allowed: []string{"SV", "US"}})},
		"allowed nowhere":    {`"status":{` + open + `},"contentDetails":{"regionRestriction":{"allowed":[]}}`, archive.Restricted, "regionRestriction", region(archive.Restriction{Nowhere: true})},
		"blocked somewhere":  {`"status":{` + open + `},"contentDetails":{"regionRestriction":{"blocked":["DE"]}}`, archive.Restricted, "regionRestriction", region(archive.Restriction{Blocked: []string{"DE"}})},
		"blocked nowhere":    {`"status":{` + open + `},"contentDetails":{"regionRestriction":{"blocked":[]}}`, archive.Playable, "", nil},
		"blocked everywhere": {`"status":{` + open + `},"contentDetails":{"regionRestriction":{"blocked":[` + everywhere + `]}}`, archive.Restricted, "regionRestriction", region(archive.Restriction{Nowhere: true})},
		"for adults":         {`"status":{` + open + `},"contentDetails":{"contentRating":{"ytRating":"ytAgeRestricted"}}`, archive.Restricted, "ytAgeRestricted", only(archive.AspectAge)},
		"rated otherwise":    {`"status":{` + open + `},"contentDetails":{"contentRating":{"mpaaRating":"mpaaR"}}`, archive.Playable, "", nil},
		"announced": {`"snippet":{"liveBroadcastContent":"upcoming"},"liveStreamingDetails":{"scheduledStartTime":"2026-04-15T09:00:00Z"},"status":{"uploadStatus":"uploaded","embeddable":true}`,
			archive.Restricted, "scheduled", []archive.Restriction{{Aspect: archive.AspectScheduled, From: later}}},
		"announced, no time": {`"snippet":{"liveBroadcastContent":"upcoming"},"status":{` + open + `}`, archive.Restricted, "scheduled", only(archive.AspectScheduled)},
		"two limits": {`"status":{"embeddable":false},"contentDetails":{"contentRating":{"ytRating":"ytAgeRestricted"}}`,
			archive.EmbeddingDisabled, "embeddable=false; ytAgeRestricted", []archive.Restriction{{Aspect: archive.AspectEmbedding}, {Aspect: archive.AspectAge}}},
	} {
		s := newStage()
		s.videos[alive1] = fmt.Sprintf(`{"id":%q,%s}`, alive1, c.parts)
		a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Now = now })
		o := by(t, probe(t, a, alive1), youtube.MethodList, alive1)
		if o.Outcome != c.outcome || o.Reason != c.reason || !reflect.DeepEqual(o.Restrictions, c.restrictions) {
			t.Errorf("%s: %q, %q, %+v", name, o.Outcome, o.Reason, o.Restrictions)
		}
		if o.Answers != (c.outcome == archive.Playable) || o.Supports {
			t.Errorf("%s: answers %v, supports %v", name, o.Answers, o.Supports)
		}
	}
}

func TestTheAPISeesWhatItsPartsShow(t *testing.T) {
	for parts, want := range map[string][]archive.Aspect{
		`"etag":"x"`: nil,
		`"snippet":{},"status":{` + open + `},"contentDetails":{}`: {
			archive.AspectEmbedding, archive.AspectProcessing, archive.AspectRegion, archive.AspectAge, archive.AspectScheduled},
		`"contentDetails":{}`:     {archive.AspectRegion, archive.AspectAge},
		`"status":{` + open + `}`: {archive.AspectEmbedding, archive.AspectProcessing},
	} {
		s := newStage()
		s.videos[alive1] = fmt.Sprintf(`{"id":%q,%s}`, alive1, parts)
		o := by(t, probe(t, adapterOn(t, s, keyed), alive1), youtube.MethodList, alive1)
		if !reflect.DeepEqual(o.Sees, want) {
			t.Errorf("%s: sees %v", parts, o.Sees)
		}
	}
}

func TestARegionLimitIsNotLiftedByOEmbed(t *testing.T) {
	s := newStage(alive1)
	s.videos[alive1] = fmt.Sprintf(`{"id":%q,"status":{%s},"contentDetails":{"regionRestriction":{"blocked":["DE"]}}}`, alive1, open)
	var standing archive.Standing
	at := now()
	for _, key := range []string{testKey, ""} {
		a := adapterOn(t, s, func(o *youtube.Options) { o.Key, o.Now = key, func() time.Time { return at } })
		round := archive.Rounds(probe(t, a, alive1))[archive.SourceKey{Platform: "stage", ID: alive1}]
		standing, _ = archive.Judge(standing, round)
		at = at.Add(6 * time.Hour)
	}
	if standing.State != archive.Limited || standing.LastRound.Equal(now()) {
		t.Errorf("after oEmbed's 200: %s, %+v", standing.State, standing.Restrictions)
	}
}
