package youtube_test

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func labels(pictures []archive.Picture) string {
	var l []string
	for _, p := range pictures {
		l = append(l, fmt.Sprintf("%s %dx%d", p.Label, p.Width, p.Height))
	}
	return strings.Join(l, ", ")
}

func TestWithAKeyEverythingIsFetched(t *testing.T) {
	s := newStage(alive1)
	s.videos[alive1] = `{"kind":"youtube#video","id":"` + alive1 + `","snippet":{"title":"Una reunión","description":"Larga","channelTitle":"Canal","channelId":"UC/1",
		"publishedAt":"2019-09-26T01:02:03Z","tags":["a","b"],"defaultLanguage":"es","defaultAudioLanguage":"en","liveBroadcastContent":"none"},
		"contentDetails":{"duration":"PT1H2M3S"},"statistics":{"viewCount":"12"},
		"status":{"uploadStatus":"processed","privacyStatus":"unlisted","license":"youtube","embeddable":true,"madeForKids":false}}`
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Now = now })
	f := fetch(t, a, alive1)
	want := archive.Fields{
		Title: "Una reunión", Description: "Larga", Channel: "Canal", ChannelID: "UC/1", ChannelURL: memoryBase + "/channel/UC%2F1",
		Published: time.Date(2019, 9, 26, 1, 2, 3, 0, time.UTC), Seconds: 3723, Language: "es", Width: 200, Height: 113, Tags: []string{"a", "b"},
		Status: []string{"uploadStatus=processed", "privacyStatus=unlisted", "license=youtube", "embeddable=true", "madeForKids=false"},
	}
	if !reflect.DeepEqual(f.Fields, want) || f.Method != youtube.MethodList || !f.At.Equal(now()) {
		t.Errorf("%s at %s:\ngot  %+v\nwant %+v", f.Method, f.At, f.Fields, want)
	}
	if got := labels(f.Pictures); got != "standard 640x480, high 480x360, medium 320x180, default 120x90" {
		t.Errorf("pictures: %s", got)
	}
	if len(f.Raw) != 2 || f.Raw[0].Label != "videos.list" || f.Raw[1].Label != "oembed" || !bytes.Contains(f.Raw[0].Data, []byte(s.videos[alive1])) {
		t.Errorf("raw: %+v", f.Raw)
	}
	if fmt.Sprint(methods(f.Observations)) != "[youtube.oembed youtube.thumbnail youtube.videos.list]" || len(controls(f.Observations)) != 0 {
		t.Errorf("observations: %+v", f.Observations)
	}
}

func TestWithoutAKeyOEmbedAndThumbnailsAreFetched(t *testing.T) {
	s := newStage(alive1)
	f := fetch(t, adapterOn(t, s, nil), alive1)
	want := archive.Fields{Title: "Video " + alive1, Channel: "A channel", ChannelURL: "https://www.youtube.com/@a", Width: 200, Height: 113}
	if !reflect.DeepEqual(f.Fields, want) || f.Method != youtube.MethodOEmbed {
		t.Errorf("%s: %+v", f.Method, f.Fields)
	}
	if len(f.Raw) != 1 || f.Raw[0].Label != "oembed" || f.Raw[0].Extension != "json" || f.Raw[0].Type != "application/json" {
		t.Errorf("raw: %+v", f.Raw)
	}
	if len(f.Pictures) != 4 || f.Pictures[0].Extension != "jpg" || f.Pictures[0].Type != "image/jpeg" || len(f.Pictures[0].Data) == 0 {
		t.Errorf("pictures: %s", labels(f.Pictures))
	}
	if s.count(onAPI) != 0 {
		t.Error("the API was asked without a key")
	}
}

func TestAVideoThatIsGoneIsAValidAnswer(t *testing.T) {
	s := newStage(control)
	f := fetch(t, adapterOn(t, s, keyed), dead1)
	if !f.Empty() || f.Method != "" || len(f.Raw) != 0 {
		t.Errorf("%+v", f)
	}
	if len(f.Observations) != 6 || len(controls(f.Observations)) != 3 {
		t.Errorf("observations: %+v", f.Observations)
	}
	for _, o := range f.Observations {
		if !o.Control && o.Outcome != archive.Missing {
			t.Errorf("%+v", o)
		}
	}
}

func TestThumbnailsThatOutliveTheirVideoAreKept(t *testing.T) {
	s := newStage(alive1, control)
	s.videos[alive1] = item(alive1, `"uploadStatus":"rejected","rejectionReason":"uploaderAccountClosed"`)
	s.embeds[alive1] = http.StatusNotFound
	f := fetch(t, adapterOn(t, s, keyed), alive1)
	if len(f.Pictures) != 4 || f.Fields.Title == "" {
		t.Errorf("%+v with %s", f.Fields, labels(f.Pictures))
	}
	if o := by(t, f.Observations, youtube.MethodList, alive1); o.Outcome != archive.Removed {
		t.Errorf("%+v", o)
	}
}

func TestLargerSizesAreTakenFromTheThumbnailHostOnly(t *testing.T) {
	for name, c := range map[string]struct{ address, want string }{
		"its own":         {memoryBase + "/vi/" + alive1 + "/fhd.jpg?v=1", "fhd 1920x1080, high 480x360"},
		"another host's":  {"http://evil.test/vi/" + alive1 + "/fhd.jpg", "high 480x360"},
		"a host beside":   {memoryBase + ".evil.test/vi/" + alive1 + "/fhd.jpg", "high 480x360"},
		"another video's": {memoryBase + "/vi/" + dead1 + "/fhd.jpg", "high 480x360"},
		"a way out":       {memoryBase + "/vi/" + alive1 + "/../../oembed", "high 480x360"},
		"a hidden way":    {memoryBase + "/vi/" + alive1 + "/%2e%2e/%2e%2e/oembed", "high 480x360"},
		"none":            {"", "high 480x360"},
		"garbage":         {"http://%zz", "high 480x360"},
	} {
		s := newStage()
		s.videos[alive1] = fmt.Sprintf(`{"id":%q,"snippet":{"title":"x","thumbnails":{"fhd":{"url":%q}}},"status":{%s}}`, alive1, c.address, open)
		s.does(onThumbnail, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/fhd.jpg"), strings.Contains(r.URL.Path, ".."):
				_, _ = w.Write(drawn(1920, 1080))
			case strings.HasSuffix(r.URL.Path, "/hqdefault.jpg"):
				_, _ = w.Write(drawn(480, 360))
			default:
				says(404, string(drawn(120, 90)))(w, r)
			}
		})
		if got := labels(fetch(t, adapterOn(t, s, keyed), alive1).Pictures); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestFieldsThatWereNotToldAreZero(t *testing.T) {
	for length, want := range map[string]float64{"PT1M3S": 63, "P0D": 0, "P1DT1S": 86401, "": 0, "soon": 0, "-PT5S": 0} {
		s := newStage()
		s.videos[alive1] = fmt.Sprintf(`{"id":%q,"snippet":{"title":"x","publishedAt":"yesterday","defaultAudioLanguage":"es-419","liveBroadcastContent":"live"},"contentDetails":{"duration":%q}}`, alive1, length)
		s.does(onOEmbed, says(200, `{"type":"video","title":"x","author_url":"javascript:alert(1)","width":-1}`))
		f := fetch(t, adapterOn(t, s, keyed), alive1).Fields
		if f.Seconds != want || !f.Published.IsZero() || f.ChannelURL != "" || f.Width != 0 || f.Language != "es-419" || fmt.Sprint(f.Status) != "[liveBroadcastContent=live]" {
			t.Errorf("%q: %+v", length, f)
		}
	}
	s := newStage(alive1)
	s.does(onOEmbed, says(200, `{"type":"video","title":"x","author_url":"javascript:alert(1)"}`))
	if f := fetch(t, adapterOn(t, s, nil), alive1).Fields; f.ChannelURL != "" {
		t.Errorf("a channel at %q", f.ChannelURL)
	}
}
