package wayback

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive/archivetest"
)

func leaks(text string) bool {
	return strings.Contains(text, accessKey) || strings.Contains(text, secretKey) || strings.Contains(text, fmt.Sprintf("%x", secretKey))
}

func TestASecretShowsThatItIsThereAndNothingElse(t *testing.T) {
	o := Options{AccessKey: accessKey, SecretKey: secretKey}
	log := &ink{}
	log.logger().Info("options", slog.Any("key", o.SecretKey), slog.Any("options", o))
	slog.New(slog.NewJSONHandler(log, nil)).Info("options", slog.Any("key", o.SecretKey), slog.Any("keys", []Secret{o.AccessKey}))
	asJSON, err := json.Marshal(map[string]Secret{"key": o.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(asJSON)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		shown += fmt.Sprintf(verb, o.SecretKey) + fmt.Sprintf(verb, o)
	}
	if leaks(shown) || strings.Count(shown, hidden) < 10 {
		t.Errorf("shown: %s", shown)
	}
	if got := fmt.Sprint(Secret("")); got != "" {
		t.Errorf("no key is shown as %q", got)
	}
}

// TestNoErrorAndNoLogLineHasTheKeys goes through every fault, and servers that quote what they were sent.
func TestNoErrorAndNoLogLineHasTheKeys(t *testing.T) {
	transports := map[string]http.RoundTripper{
		"a transport that quotes the request": sends(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("cannot send %v", r.Header)
		}),
		"a server that quotes the header": sends(func(r *http.Request) (*http.Response, error) {
			quoted, err := json.Marshal(map[string]string{"status": "error", "status_ext": "error:" + r.Header.Get("Authorization"), "message": "not " + r.Header.Get("Authorization")})
			return answer(200, string(quoted)), err
		}),
		"a server that wants a log-in": sends(func(r *http.Request) (*http.Response, error) {
			return answer(200, `{"message":"logged in? `+accessKey+` `+secretKey+`"}`), nil
		}),
	}
	for _, f := range archivetest.WebArchiveFaults() {
		a := newArchive()
		fail(t, a, f)
		transports[string(f)] = a.RoundTripper()
	}
	for name, transport := range transports {
		synctest.Test(t, func(t *testing.T) {
			log := &ink{}
			o := At(base)
			o.AccessKey, o.SecretKey, o.Transport, o.Log = accessKey, secretKey, transport, log.logger()
			c := New(o)
			_, saving := c.Save(t.Context(), watch)
			_, _, asking := c.Status(t.Context(), "spn2-1")
			_, looking := c.Lookup(t.Context(), watch, time.Time{})
			shown := fmt.Sprintf("%v %+v %v %v %s %+v", saving, errors.Unwrap(saving), asking, looking, log, c.o)
			if leaks(shown) {
				t.Errorf("%s: %s", name, shown)
			}
		})
	}
}

func TestKeysGoToOrdersAloneAndNotWhereTheyRedirect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signed := map[string]bool{}
		c := clientOf(sends(func(r *http.Request) (*http.Response, error) {
			signed[r.URL.Host+r.URL.Path] = r.Header.Get("Authorization") != ""
			if r.URL.Path == "/save" {
				res := answer(307, "", "Location", base+"/elsewhere")
				res.Request = r
				return res, nil
			}
			return answer(200, "[]"), nil
		}))
		if _, err := c.Save(t.Context(), watch); !errors.Is(err, ErrUnclear) {
			t.Error(err)
		}
		if _, err := c.Lookup(t.Context(), watch, time.Time{}); err == nil {
			t.Error("found something in an empty list")
		}
		want := map[string]bool{"archive.stage/save": true, "archive.stage/wayback/available": false, "archive.stage/web/timemap/json/https://www.youtube.com/watch": false}
		if fmt.Sprint(signed) != fmt.Sprint(want) {
			t.Errorf("%v", signed)
		}
	})
}

func TestLongWordsAreCut(t *testing.T) {
	c := New(Options{})
	if got := c.hide("a\n b\xff " + strings.Repeat("ñ", 200)); len(got) > longestText+len("…") || !strings.HasPrefix(got, "a b ñ") || !strings.HasSuffix(got, "ñ…") {
		t.Errorf("%q", got)
	}
}
