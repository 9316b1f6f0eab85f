package youtube_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// ink collects log lines from any number of goroutines.
type ink struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (i *ink) Write(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.text.Write(p)
}

// broken fails the way transports do that wrap a client: with the whole address in the error.
type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: fmt.Errorf("cannot reach %s", r.URL)}
}

func TestTheKeyIsInNoLogErrorOrRecord(t *testing.T) {
	t.Setenv("GOOGLE_SDK_GO_LOGGING_LEVEL", "debug")
	transports := map[string]http.RoundTripper{"unreachable": broken{}}
	for name, c := range faults() {
		s := newStage(alive1)
		s.does(onAPI, c.act)
		transports[name] = memory{s}
	}
	echoes := newStage(alive1)
	echoes.does(onAPI, func(w http.ResponseWriter, r *http.Request) {
		says(400, keyError(400, "bad key "+r.URL.Query().Get("key")))(w, r)
	})
	transports["the key quoted back"] = memory{echoes}
	quotes := newStage(alive1)
	quotes.does(onAPI, func(w http.ResponseWriter, r *http.Request) {
		says(200, `{"kind":"youtube#videoListResponse","pageInfo":{"totalResults":1},"items":[`+item(alive1, "")+`],"self":"`+r.URL.String()+`"}`)(w, r)
	})
	transports["the key in a good answer"] = memory{quotes}
	hangs := newStage(alive1)
	hangs.does("/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	transports["hangs"] = memory{hangs}

	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				said := everythingSaid(t, transport)
				if strings.Contains(said, testKey) || strings.Contains(said, "THE-SECRET") {
					t.Errorf("the key is in %s", said)
				}
			})
		})
	}
}

// everythingSaid is all that a fetch and a probe let out: logs, errors, observations, bodies.
func everythingSaid(t *testing.T, transport http.RoundTripper) string {
	t.Helper()
	var log ink
	o := youtube.At("stage", "Stage", memoryBase, control)
	o.Key, o.Transport = testKey, transport
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o.Quota = &purse{err: errors.New("not counted")}
	a, err := youtube.New(o)
	if err != nil {
		t.Fatal(err)
	}
	f := fetch(t, a, alive1)
	seen := probe(t, a, alive1, dead1)
	ended, end := context.WithCancel(t.Context())
	end()
	_, err1 := a.Fetch(ended, refTo(a, alive1))
	_, err2 := a.Probe(ended, []string{alive1})
	f.Pictures = nil // bytes of pictures, in which nobody looks for words
	said := fmt.Sprintf("%s\n%+v\n%+v\n%v %v", log.text.String(), f, seen, err1, err2)
	for _, r := range f.Raw {
		said += string(r.Data)
	}
	channels, err3 := a.ProbeChannels(t.Context(), []string{openChannel})
	said += fmt.Sprintf("%+v %v", channels, err3)
	for _, o := range slices.Concat(f.Observations, seen, channels) {
		if o.Body != nil {
			said += string(o.Body.Data)
		}
	}
	return said
}

func TestARedirectOfTheAPIDoesNotTakeTheKeyAlong(t *testing.T) {
	s := newStage(alive1)
	s.does(onAPI, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, memoryBase+"/elsewhere", http.StatusFound)
	})
	probe(t, adapterOn(t, s, keyed), alive1)
	if s.count("/elsewhere") != 0 {
		t.Error("the redirect was followed")
	}
	for _, r := range s.asked {
		if r.URL.Path != onAPI && strings.Contains(fmt.Sprint(r.URL, r.Header), testKey) {
			t.Errorf("the key went to %s: %v", r.URL, r.Header)
		}
	}
}

func TestALongReasonIsCutBetweenCharacters(t *testing.T) {
	s := newStage(alive1)
	s.does(onAPI, says(400, keyError(400, strings.Repeat("ñ", 300))))
	o := by(t, probe(t, adapterOn(t, s, keyed), alive1), youtube.MethodList, alive1)
	if len(o.Reason) > 204 || !strings.HasSuffix(o.Reason, "ñ…") || o.Outcome != archive.Unclear {
		t.Errorf("%d bytes: %s", len(o.Reason), o.Reason)
	}
}
