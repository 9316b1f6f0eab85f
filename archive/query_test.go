package archive_test

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"videoteca/archive"
)

func TestAQueryIsReadFromAnAddressAndWrittenBack(t *testing.T) {
	for _, address := range []string{
		"", "q=Nueva+York", "state=gone&tag=ONU", "event=2019-09&copy=no&used=yes&limit=30",
		"after=x&by=ana&caption=no&channel=Casa+Presidencial&collection=c&language=es&mark=held&platform=youtube&visibility=withdrawn",
	} {
		v, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		q, err := archive.ParseQuery(v)
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if got := q.Values(); got.Encode() != v.Encode() {
			t.Errorf("%s became %s", v.Encode(), got.Encode())
		}
	}
}

func TestAQueryThatCannotBeReadNamesTheParameter(t *testing.T) {
	for field, value := range map[string]string{
		"state": "dead", "copy": "maybe", "used": "1", "caption": "true", "visibility": "erased", "mark": "x",
		"event": "September", "limit": "501", "tag": strings.Repeat("x", 201), "by": "\xff",
	} {
		_, err := archive.ParseQuery(url.Values{field: {value}})
		var f *archive.FieldError
		if !errors.As(err, &f) || f.Field != field || f.Cure == "" {
			t.Errorf("%s=%q: %v", field, value, err)
		}
	}
	if _, err := archive.ParseQuery(url.Values{"lang": {"es"}, "view": {"table"}}); err != nil {
		t.Errorf("parameters of others: %v", err)
	}
}

func TestFiltersAreChangedOneAtATime(t *testing.T) {
	q := archive.Query{Text: "x", State: "gone", After: "y"}
	with := q.With("tag", "ONU")
	if want := []archive.Filter{{"state", "gone"}, {"tag", "ONU"}}; !slices.Equal(with.Filters(), want) || with.After != "" || with.Text != "x" {
		t.Errorf("%+v", with)
	}
	if without := with.With("state", ""); len(without.Filters()) != 1 || len(q.Filters()) != 1 {
		t.Errorf("%+v, %+v", without, q)
	}
	if same := q.With("nonsense", "x"); !reflect.DeepEqual(same.Filters(), q.Filters()) {
		t.Errorf("%+v", same)
	}
}

func TestPeriodsOfADate(t *testing.T) {
	for date, want := range map[archive.EDTF][]string{
		"": nil, "2019": {"2019"}, "2019~": {"2019"}, "2019-09": {"2019", "2019-09"}, "2019-09-25?": {"2019", "2019-09", "2019-09-25"}, "rubbish": nil,
	} {
		if got := date.Periods(); !slices.Equal(got, want) {
			t.Errorf("%q: %v", date, got)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("q=Nueva+York&state=gone")
	f.Add("q=" + strings.Repeat("%C3%B1", 300) + "&limit=07")
	f.Add("event=2019-99-99&tag=%00")
	f.Fuzz(func(t *testing.T, address string) {
		v, err := url.ParseQuery(address)
		if err != nil {
			return
		}
		q, err := archive.ParseQuery(v)
		if err != nil {
			return
		}
		if len(q.Text) > 500 || utf8.ValidString(v.Get("q")) && !utf8.ValidString(q.Text) {
			t.Errorf("text %q", q.Text)
		}
		again, err := archive.ParseQuery(q.Values())
		if err != nil || strings.TrimSpace(again.Text) != strings.TrimSpace(q.Text) || !slices.Equal(again.Filters(), q.Filters()) || again.Limit != q.Limit {
			t.Errorf("%+v became %+v, %v", q, again, err)
		}
	})
}
