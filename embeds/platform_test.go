package embeds_test

import (
	"bytes"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// servePlayer plays the players of all platforms. What a player does is in its id:
//
//	good…     it plays
//	silent…   it says nothing at all
//	e100…     it reports that code (YouTube), or its platform's word for gone
//	sound…    it plays what can be heard, if the browser lets it, and asks for /playing/… or /refused/…
//	babble…   it says everything that no player says, and then plays
func servePlayer(w http.ResponseWriter, q *http.Request) {
	switch {
	case strings.HasPrefix(q.URL.Path, "/embed/"):
		writePlayer(w, youtubePlayer, strings.TrimPrefix(q.URL.Path, "/embed/"))
	case strings.HasPrefix(q.URL.Path, "/video/"):
		writePlayer(w, vimeoPlayer, strings.TrimPrefix(q.URL.Path, "/video/"))
	case strings.HasPrefix(q.URL.Path, "/videos/embed/"):
		writePlayer(w, peerTubePlayer, strings.TrimPrefix(q.URL.Path, "/videos/embed/"))
	case q.URL.Path == "/player.html":
		writePlayer(w, "", q.URL.Query().Get("video"))
	case q.URL.Path == "/sound.wav":
		w.Header().Set("Content-Type", "audio/wav")
		http.ServeContent(w, q, "", time.Time{}, bytes.NewReader(sound(2)))
	case strings.HasSuffix(q.URL.Path, ".mp4"), strings.HasSuffix(q.URL.Path, ".webm"):
		serveMedia(w, q)
	default:
		http.NotFound(w, q)
	}
}

func writePlayer(w http.ResponseWriter, script, id string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "<!doctype html><title>player</title><body tabindex=0><script>const video = %q;%s%s</script>", template.JSEscapeString(id), babble, script)
}

const babble = `
const say = (message) => parent.postMessage(message, '*');
if (video.startsWith('babble')) {
  for (const odd of [null, 1, '', '{', '[]', 'null', '{"event":{}}', '{"event":"onError"', {}, { event: 'onReadyish' }, [1], { method: 'peertube::__ready' }, '{"method":5}', { event: 'error' }, { event: 'error', data: null }]) say(odd);
}`

const youtubePlayer = `
let listening = false;
const ask = (what) => fetch('/' + what + '/' + video, { mode: 'no-cors' });
if (video.startsWith('sound')) new Audio('/sound.wav').play().then(() => ask('playing'), () => ask('refused'));
const tell = (event, info) => say(JSON.stringify({ event, info, id: 1, channel: 'widget' }));
addEventListener('message', (e) => {
  const m = JSON.parse(e.data);
  if (video.startsWith('silent')) return;
  if (m.event === 'listening' && !listening) { listening = true; tell('initialDelivery', {}); tell('onReady', null); }
  if (m.func === 'addEventListener' && m.args[0] === 'onError' && /^e\d/.test(video)) tell('onError', parseInt(video.slice(1)));
  if (m.func === 'addEventListener' && m.args[0] === 'onStateChange' && !/^e\d/.test(video)) tell('onStateChange', 1);
  if (m.func === 'pauseVideo') ask('paused');
});`

const vimeoPlayer = `
if (video.startsWith('404')) say({ event: 'error', data: { method: 'ready', name: 'NotFoundError', message: 'gone' } });
else say({ event: 'ready' });
addEventListener('message', ({ data }) => {
  if (data.method === 'addEventListener' && data.value === 'play') say(JSON.stringify({ event: 'play', data: {} }));
  if (data.method === 'pause') fetch('/paused/' + video, { mode: 'no-cors' });
});`

const peerTubePlayer = `
const tell = (method, params) => say(JSON.stringify({ method: 'peertube::' + method, params }));
tell('__ready', { type: 'publish-request', publish: [] });
addEventListener('message', (e) => {
  const m = JSON.parse(e.data);
  if (m.method === 'peertube::__ready' && m.params.type === 'publish-reply') {
    tell('ready', !video.startsWith('gone'));
    tell('playbackStatusChange', 'playing');
  }
  if (m.method === 'peertube::pause') fetch('/paused/' + video, { mode: 'no-cors' });
});`

// servePicture draws any poster.
func servePicture(w http.ResponseWriter, q *http.Request) {
	width := 320
	_, _ = fmt.Sscanf(q.PathValue("file"), "%d.jpg", &width)
	m := image.NewGray(image.Rect(0, 0, width, width*9/16))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: uint8(i)}.Y
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_ = jpeg.Encode(w, m, nil)
}

// serveMedia sends a film of a second, captions, or for other names nothing that plays.
func serveMedia(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch {
	case strings.HasSuffix(q.URL.Path, ".vtt"):
		w.Header().Set("Content-Type", "text/vtt")
		_, _ = io.WriteString(w, "WEBVTT\n\n00:00.000 --> 00:05.000\nHola\n")
	case strings.Contains(q.URL.Path, "broken"):
		w.Header().Set("Content-Type", "video/webm")
		_, _ = io.WriteString(w, "no film")
	default:
		film, err := os.ReadFile("testdata/film.webm")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "video/webm")
		http.ServeContent(w, q, "", time.Time{}, bytes.NewReader(film))
	}
}

func (s *stand) trouble(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, 1<<10))
	if err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports = append(s.reports, q.PathValue("id")+" "+string(body))
	if cookie := q.Header.Get("Cookie"); cookie != "" {
		s.t.Errorf("a report carries the cookie %q", cookie)
	}
	w.WriteHeader(http.StatusNoContent)
}
