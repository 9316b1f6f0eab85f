package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/web"
)

// wire hands on what goes to a service, counts it, and breaks.
type wire struct {
	URL    string
	target string

	mu      sync.Mutex
	through int64 // bytes handed on to the service
	breaks  []*brk
}

// brk is a place at which the connection that reaches it stops, and breaks once it may.
type brk struct {
	at      int64         // bytes that went through before
	reached chan struct{} // closed when a connection stands there
	may     chan struct{} // close it to break the connection
}

func newWire(t *testing.T, service string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{URL: "http://" + listener.Addr().String(), target: strings.TrimPrefix(service, "http://")}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(t, c)
		}
	}()
	return w
}

func (w *wire) carry(t *testing.T, from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(from, to) // broken connections are what this is for
		from.Close()
	}()
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if _, broken := to.Write(buffer[:n]); err != nil || broken != nil {
			return
		}
		if b := w.count(int64(n)); b != nil {
			close(b.reached)
			select {
			case <-b.may:
			case <-t.Context().Done():
			}
			return
		}
	}
}

// count adds what went through, and returns the place where to break if it was reached.
func (w *wire) count(n int64) *brk {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.through += n
	if len(w.breaks) == 0 || w.through < w.breaks[0].at {
		return nil
	}
	b := w.breaks[0]
	w.breaks = w.breaks[1:]
	return b
}

// breakAt plans a break after so many bytes from now, at once or when may is closed.
func (w *wire) breakAt(at int64, atOnce bool) *brk {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := &brk{at: w.through + at, reached: make(chan struct{}), may: make(chan struct{})}
	if atOnce {
		close(b.may)
	}
	w.breaks = append(w.breaks, b)
	return b
}

func (w *wire) sent() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.through
}

// filmOfPieces is a film by its beginning, of four pieces, and its digest.
func filmOfPieces(t *testing.T) (path, digest string, size int64) {
	t.Helper()
	const mebibytes = 32
	film := append(bytes.Clone(demoCopy), make([]byte, mebibytes<<20-len(demoCopy))...)
	for i := len(demoCopy); i < len(film); i++ {
		film[i] = byte(i>>16 + i)
	}
	path = filepath.Join(t.TempDir(), "largo.webm")
	if err := os.WriteFile(path, film, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(film)
	return path, hex.EncodeToString(sum[:]), int64(len(film))
}

// overhead is what everything but the file may take: pages, headers, and what was between us and the service when a connection broke.
const overhead = 1 << 20

// piece is what the page sends at once, in bytes.
const piece = 8 << 20

const copiesForm = `form[action*="/copies"]`

// uploading is an editor before the form of a video's copies, with a wire to the service.
type uploading struct {
	*browser
	wire  *wire
	page  string
	film  string
	token string
	video string
	spool string
}

func newUploading(t *testing.T) (u *uploading, digest string, size int64) {
	t.Helper()
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	token := web.NewToken()
	service := serve(t, s.args("--token="+token)...)
	w := newWire(t, service.URL)
	u = &uploading{browser: newBrowser(t), wire: w, page: w.URL + "/videos/" + v.ID + "?lang=es", token: token, video: v.ID}
	u.film, digest, size = filmOfPieces(t)
	found, err := filepath.Glob(filepath.Join(s.cache, "*", "incoming"))
	if err != nil || len(found) != 1 {
		t.Fatalf("uploads on their way are in %v, %v", found, err)
	}
	u.spool = found[0]
	u.do("signing in", chromedp.Navigate(strings.Replace(service.Link, service.URL, w.URL, 1)), chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS(".sign-out")))
	u.open()
	return u, digest, size
}

func (u *uploading) open() {
	u.Helper()
	u.do("opening the page", chromedp.Navigate(u.page), chromedp.WaitVisible(chromedp.CSS(copiesForm)))
}

func (u *uploading) choose() {
	u.Helper()
	u.do("choosing the film", chromedp.SetValue(chromedp.CSS(copiesForm+" [name=rights]"), "La autora lo autorizó."),
		chromedp.SetUploadFiles(chromedp.CSS(copiesForm+" [name=file]"), []string{u.film}))
}

func (u *uploading) press(button string) {
	u.Helper()
	u.do("pressing "+button, chromedp.Click(chromedp.CSS(copiesForm+" "+button)))
}

// keep is the form's own button.
const keep = "button:not([type])"

func (u *uploading) says(words string) {
	u.Helper()
	u.do("waiting for "+words, poll(`document.querySelector('`+copiesForm+` [role=status]').textContent.includes("`+words+`")`))
}

// kept are the digests of the video's copies, as the API tells.
func (u *uploading) kept() (digests []string) {
	u.Helper()
	_, body := ask(u.T, http.MethodGet, u.wire.URL+"/api/v1/videos/"+u.video, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+u.token) })
	var v web.APIVideo
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		u.Fatal(err)
	}
	for _, held := range v.Copies {
		digests = append(digests, held.Digest)
	}
	return digests
}

func (u *uploading) wantKept(digest string) {
	u.Helper()
	u.do("waiting for the page", chromedp.WaitVisible(chromedp.CSS(".done")))
	if got := u.kept(); len(got) != 1 || got[0] != digest {
		u.Errorf("kept are %v, want %s", got, digest)
	}
}

// examineScreens runs axe-core on a phone in the dark and on a desk in the light.
func (u *uploading) examineScreens(what string) {
	u.Helper()
	script := axe(u.T)
	for width, scheme := range map[int64]string{360: "dark", 1280: "light"} {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		if _, err := chromedp.Call(u.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
			u.Fatal(err)
		}
		u.do("setting the screen", chromedp.EmulateViewport(width, 800))
		u.examine(script, what)
	}
}

func TestAnUploadWhoseConnectionBreaksCompletesByItself(t *testing.T) {
	u, digest, size := newUploading(t)
	before := u.wire.sent()
	var all []*brk
	for _, at := range []int64{20 << 20, 30 << 20} {
		all = append(all, u.wire.breakAt(at, true))
	}
	u.choose()
	u.press(keep)
	u.wantKept(digest)
	for i, b := range all {
		select {
		case <-b.reached:
		default:
			t.Errorf("break %d did not happen", i)
		}
	}
	// Chromium by itself sends a request again whose connection breaks, if that had served others before.
	if sent := u.wire.sent() - before; sent < size || sent > size+int64(len(all))*piece+overhead {
		t.Errorf("%d bytes went to the service for a file of %d", sent, size)
	}
}

func TestTheSameFileChosenAgainAfterAReloadGoesOn(t *testing.T) {
	u, digest, size := newUploading(t)
	before := u.wire.sent()
	stop := u.wire.breakAt(12<<20, false)
	u.choose()
	u.press(keep)
	u.says("Enviando")
	<-stop.reached
	u.open() // the browser gives the connection up
	close(stop.may)
	u.says("se detuvo en el")
	u.choose()
	u.says("de este archivo ya llegó")
	u.press(keep)
	u.wantKept(digest)
	if sent := u.wire.sent() - before; sent < size || sent > size+overhead {
		t.Errorf("%d bytes went to the service for a file of %d", sent, size)
	}
	u.open()
	if got := u.text(copiesForm); strings.Contains(got, "se detuvo") {
		t.Errorf("what is finished is still told of: %s", got)
	}
}

func TestAnEditorPausesAnUploadGoesOnAndCancels(t *testing.T) {
	u, _, _ := newUploading(t)
	// Where the rights say nothing, nothing of the file is sent.
	before := u.wire.sent()
	u.choose()
	u.do("saying nothing", chromedp.SetValue(chromedp.CSS(copiesForm+" [name=rights]"), "  "))
	u.press(keep)
	u.says("Sin una declaración de derechos")
	if sent := u.wire.sent() - before; sent > overhead || len(left(t, u.spool)) != 0 {
		t.Errorf("%d bytes went to the service, on whose disk are %v", sent, left(t, u.spool))
	}

	stop := u.wire.breakAt(5<<20, false)
	u.choose()
	u.press(keep)
	<-stop.reached
	u.press("[data-pause]")
	close(stop.may)
	u.says("En pausa")
	u.examineScreens("an upload that was paused")
	stop = u.wire.breakAt(5<<20, false)
	u.press("[data-resume]")
	u.says("Continúa donde se detuvo")
	<-stop.reached
	if len(left(t, u.spool)) != 2 {
		t.Errorf("on the disk are %v", left(t, u.spool))
	}
	u.press("[data-cancel]")
	close(stop.may)
	u.says("Cancelado")
	for deadline := time.Now().Add(framePatience); len(left(t, u.spool)) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("cancelled, and on the disk are %v", left(t, u.spool))
		}
	}
	u.open()
	if got := u.text(copiesForm); strings.Contains(got, "se detuvo") || len(u.kept()) != 0 {
		t.Errorf("something is left: %s", got)
	}
}
