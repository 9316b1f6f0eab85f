package wayback

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const header = `["urlkey","timestamp","original","mimetype","statuscode","digest"]`

// listOf is a TimeMap of rows such as "20190925120000 200 https://…".
func listOf(rows ...string) string {
	list := []string{header}
	for _, r := range rows {
		var stamp, status, page string
		if n, err := fmt.Sscan(r, &stamp, &status, &page); n != 3 {
			panic(err)
		}
		list = append(list, fmt.Sprintf(`["com,youtube)/watch",%q,%q,"text/html",%q,"X"]`, stamp, page, status))
	}
	return "[" + strings.Join(list, ",\n") + "]"
}

func on(day string) time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return at
}

func TestTheMementoNearestToTheWantedTimeIsTaken(t *testing.T) {
	list := listOf(
		"20180101000000 200 "+watch, "20190925000000 200 "+watch,
		"20210101000000 404 "+watch, "20220101000000 301 "+watch, "20230101000000 - "+watch,
		"20240101000000 200 https://www.youtube.com/watch?v=abcdefghijk",
	)
	for _, c := range []struct {
		near time.Time
		want string
	}{
		{time.Time{}, "2019-09-25"},
		{on("2026-01-01"), "2019-09-25"},
		{on("2018-03-01"), "2018-01-01"},
		{on("1997-03-01"), "2018-01-01"},
	} {
		got, err := nearestOf(strings.NewReader(list), watch, c.near)
		if err != nil || !got.Equal(on(c.want)) {
			t.Errorf("near %s: %s, %v", c.near, got, err)
		}
	}
}

func TestATimeMapWithoutAGoodMementoSaysNone(t *testing.T) {
	for name, list := range map[string]string{
		"empty":               "[]",
		"with the names only": "[" + header + "]",
		"gone everywhere":     listOf("20190925000000 404 "+watch, "20200925000000 503 "+watch),
		"of another video":    listOf("20190925000000 200 https://www.youtube.com/watch?v=abcdefghijk"),
		"of bad times":        listOf("2019092500000 200 "+watch, "20191325000000 200 "+watch, "19011212000000 200 "+watch),
		"with short rows":     "[" + header + `,["a"],[],["a","20190925000000"]]`,
	} {
		if got, err := nearestOf(strings.NewReader(list), watch, time.Time{}); err != nil || !got.IsZero() {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestWhatIsNoTimeMapSaysNothing(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":            "",
		"an error page":      "<html>Service Unavailable</html>",
		"an object":          `{"error":"x"}`,
		"null":               "null",
		"objects":            `[{"timestamp":"20190925000000"}]`,
		"other columns":      `[["a","b"],["20190925000000","x"]]`,
		"numbers":            "[" + header + `,[1,20190925000000,"x","x",200]]`,
		"cut after the head": "[" + header,
		"cut in a row":       "[" + header + `,["com`,
		"garbage":            "\x00\x9f }{",
	} {
		got, err := nearestOf(strings.NewReader(body), watch, time.Time{})
		if !errors.Is(err, ErrUnclear) || !got.IsZero() {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestAListThatBreaksOffStillHasWhatItHad(t *testing.T) {
	whole := listOf("20190925000000 200 "+watch, "20200925000000 200 "+watch)
	cut := whole[:strings.Index(whole, `"2020`)]
	got, err := nearestOf(strings.NewReader(cut), watch, time.Time{})
	if !got.Equal(on("2019-09-25")) || !errors.Is(err, ErrUnclear) {
		t.Errorf("%s, %v", got, err)
	}
	broken := io.MultiReader(strings.NewReader(cut), iotest.ErrReader(errors.New("reset by peer")))
	got, err = nearestOf(broken, watch, time.Time{})
	if !got.Equal(on("2019-09-25")) || err == nil || errors.Is(err, ErrUnclear) {
		t.Errorf("the way broke: %s, %v", got, err)
	}
}

func TestAColumnsOrderIsTheArchivesToChoose(t *testing.T) {
	list := `[["statuscode","original","timestamp"],["200","` + watch + `","20190925000000"],[null,null,null]]`
	if got, err := nearestOf(strings.NewReader(list), watch, time.Time{}); err != nil || !got.Equal(on("2019-09-25")) {
		t.Errorf("%s, %v", got, err)
	}
}

// FuzzTimeMap: whatever comes, a time that is found is one of the archive's, and none that is
// not is taken for an answer unless the list is whole.
func FuzzTimeMap(f *testing.F) {
	f.Add(listOf("20190925000000 200 "+watch), int64(0))
	f.Add("[]", int64(1569369600))
	f.Add("["+header+`,["a","20190925000000","`+watch+`","x","200"`, int64(-5))
	f.Add("\x00[", int64(9))
	f.Fuzz(func(t *testing.T, body string, near int64) {
		got, err := nearestOf(strings.NewReader(body), watch, time.Unix(near, 0))
		if !got.IsZero() && (got.Year() < firstYear || !strings.Contains(body, got.Format(stampForm))) {
			t.Errorf("%s was not in the list", got)
		}
		if err == nil && !strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "[") {
			t.Errorf("%q was taken for a TimeMap", body)
		}
	})
}
