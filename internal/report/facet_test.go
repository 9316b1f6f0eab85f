package report_test

import (
	"net/url"
	"slices"
	"testing"

	"videoteca/archive"
	"videoteca/internal/report"
)

func facet(t *testing.T, list []report.Facet, value string) report.Facet {
	t.Helper()
	i := slices.IndexFunc(list, func(f report.Facet) bool { return f.Value == value })
	if i < 0 {
		t.Fatalf("%q is not among %+v", value, list)
	}
	return list[i]
}

// A link says how many rows there will be, so its number must be what the filter then chooses.
func TestEveryOfferedValueChoosesAsManyRowsAsItSays(t *testing.T) {
	rows := read(t, library()).Rows
	for _, query := range []string{"", "state=gone", "channel=Canal+2&state=gone&state=suspect", "mark=uncovered&q=reunion", "platform=vimeo", "year=2019", "collection=cumbres&host=www.youtube.com"} {
		f := parse(t, query)
		for field, list := range f.Facets(rows) {
			for _, offered := range list {
				q := f.Values()
				q[field] = []string{offered.Value}
				alone, err := report.ParseFilter(q)
				if err != nil {
					t.Fatal(err)
				}
				if got := len(alone.Rows(rows)); got != offered.Rows {
					t.Errorf("%q: %s=%s says %d rows and chooses %d", query, field, offered.Value, offered.Rows, got)
				}
				if offered.On != slices.Contains(f.Values()[field], offered.Value) {
					t.Errorf("%q: %s=%s is on: %v", query, field, offered.Value, offered.On)
				}
			}
		}
	}
}

func parse(t *testing.T, query string) report.Filter {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := report.ParseFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestValuesStandInTheOrderInWhichTheyAreTold(t *testing.T) {
	facets := parse(t, "host=nowhere.example").Facets(read(t, library()).Rows)
	states := facets["state"]
	if len(states) != 0 {
		t.Errorf("no row has the host, and there are states: %+v", states)
	}
	if f := facet(t, facets["host"], "nowhere.example"); f.Rows != 0 || !f.On {
		t.Errorf("what the filter asks is not offered to be taken back: %+v", f)
	}
	facets = report.Filter{}.Facets(read(t, library()).Rows)
	if facets["state"][0].Value != "suspect" || facets["mark"][0].Value != "to-decide" || facets["mark"][0].Rows != 3 {
		t.Errorf("%+v\n%+v", facets["state"], facets["mark"])
	}
	if c := facets["channel"]; c[0].Rows < c[len(c)-1].Rows {
		t.Errorf("channels: %+v", c)
	}
}

func TestAChoiceIsMadeAndTakenBack(t *testing.T) {
	f := parse(t, "state=gone&channel=Canal+1&q=x&year=2019")
	for _, c := range []struct {
		choice report.Choice
		want   string
	}{
		{report.Choice{Field: "state", Value: "suspect"}, "channel=Canal+1&q=x&state=gone&state=suspect&year=2019"},
		{report.Choice{Field: "state", Value: "gone"}, "channel=Canal+1&q=x&year=2019"},
		{report.Choice{Field: "channel", Value: "Canal 2"}, "channel=Canal+2&q=x&state=gone&year=2019"},
		{report.Choice{Field: "q", Value: "x"}, "channel=Canal+1&state=gone&year=2019"},
	} {
		if got := f.Toggled(c.choice).Encode(); got != c.want {
			t.Errorf("%+v: %s, not %s", c.choice, got, c.want)
		}
	}
	want := []report.Choice{{Field: "state", Value: "gone"}, {Field: "channel", Value: "Canal 1"}, {Field: "year", Value: "2019"}, {Field: "q", Value: "x"}}
	if got := f.Choices(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestAChannelIsChosenByItsIDToo(t *testing.T) {
	rows := read(t, library()).Rows
	if byName, byID := parse(t, "channel=Canal+2").Rows(rows), parse(t, "channel=UC2").Rows(rows); len(byName) == 0 || len(byName) != len(byID) {
		t.Errorf("%d by name, %d by id", len(byName), len(byID))
	}
}

func TestWhatAPersonIsToDecide(t *testing.T) {
	s := library()
	fresh := of(20, 3, "Disputa de hoy", archive.Standing{State: archive.Live, DisputedSince: ago(1)})
	ignored := of(21, 3, "Sin interés", archive.Standing{State: archive.Live, Unheard: true})
	ignored.Sources[0].Overrule = &archive.Overrule{As: archive.RulesIgnore, Reason: "It moves house."}
	s.videos = append(s.videos, fresh, ignored)
	var got []archive.VideoID
	for _, r := range parse(t, "mark=to-decide").Rows(read(t, s).Rows) {
		got = append(got, r.Video)
	}
	slices.Sort(got)
	if want := []archive.VideoID{id(10), id(11), id(12)}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	p, err := texts(t).Page(read(t, s), report.Filter{}, "en", ago(4), 30, "")
	if err != nil || len(p.New) == 0 || len(p.New) == len(p.Lost) {
		t.Errorf("%d new of %d lost, %v", len(p.New), len(p.Lost), err)
	}
	for _, r := range p.New {
		if r.Since.Before(ago(4)) || !r.Lost() {
			t.Errorf("%s since %s is new", r.Video, r.Since)
		}
	}
}
