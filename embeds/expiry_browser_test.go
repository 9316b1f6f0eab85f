package embeds_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"videoteca/embeds"
)

// sound is a file of so many seconds, in a form that needs no encoder.
func sound(seconds int) []byte {
	const rate = 8000 // bytes a second
	data := bytes.Repeat([]byte{128}, seconds*rate)
	head := []byte("RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00........\x01\x00\x08\x00data....")
	for at, value := range map[int]int{4: 36 + len(data), 24: rate, 28: rate, 40: len(data)} {
		binary.LittleEndian.PutUint32(head[at:], uint32(value))
	}
	return append(head, data...)
}

// A browser asks for the rest of a film where the first answer came from. When that address of a store
// has ended it tries for some half a minute, and then it says MEDIA_ERR_NETWORK, as here.
func TestAFilmGoesOnWhereItWasWhenItsAddressHasEnded(t *testing.T) {
	var sent atomic.Int32
	film := sound(60)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if q.URL.Path == "/film.wav" {
			sent.Add(1)
			http.Redirect(w, q, "/signed.wav", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		http.ServeContent(w, q, "", time.Time{}, bytes.NewReader(film))
	}))
	t.Cleanup(server.Close)
	s := newStand(t)
	s.visit(s.snippet(embeds.SnippetArticle, s.add("web:"+server.URL+"/film.wav", "youtube:good"), embeds.Asked{Start: 20}))
	s.press(0)
	s.until("embed(0, 'video') && embed(0, 'video').currentTime > 20.2")
	const ended = `window.film = embed(0, 'video'); window.before = film.currentTime; window.asked = 0;
film.addEventListener('loadstart', () => { asked++; });
Object.defineProperty(film, 'error', { value: { code: 2 }, configurable: true });
film.dispatchEvent(new Event('error'));`
	s.evaluate(ended)
	s.until("asked === 1 && embed(0, 'video') === film && film.currentTime > before && !film.paused && film.readyState > 2")
	if got := sent.Load(); got < 2 {
		t.Errorf("the service was asked %d times for an address", got)
	}

	// Paused it stays paused; and what is cut again at the same place is given a second try from the
	// beginning, then up.
	s.evaluate("film.pause(); window.at = film.currentTime; film.dispatchEvent(new Event('error'))")
	s.until("asked === 2 && film.currentTime >= at && film.readyState > 2")
	if value[bool](s, "!film.paused") {
		t.Error("a paused film plays by itself")
	}
	s.evaluate("film.dispatchEvent(new Event('error'))")
	s.until("embed(0, 'video') && embed(0, 'video') !== film")
	s.evaluate(`window.film = embed(0, 'video'); Object.defineProperty(film, 'error', { value: { code: 2 } });
Object.defineProperty(film, 'currentTime', { value: 0 }); film.dispatchEvent(new Event('error'))`)
	s.until("embed(0, 'iframe')")
}
