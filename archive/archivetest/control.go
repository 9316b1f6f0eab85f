package archivetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// control is the state of the platform, for the control page and its JSON.
type control struct {
	Name     string           `json:"name"`
	BaseURL  string           `json:"base_url"`
	Fault    Fault            `json:"fault"`
	Faults   []Fault          `json:"faults"`
	States   []State          `json:"states"`
	Videos   []controlledClip `json:"videos"`
	Channels []controlledRoom `json:"channels"`
}

type controlledClip struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	State   State  `json:"state"`
	Watch   string `json:"watch_url"`
	Control bool   `json:"control"`
}

type controlledRoom struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Closed bool   `json:"closed"`
}

type controlPage struct {
	basePage
	control
	Languages []string
}

func (p *Platform) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath, p.controlPage)
	mux.HandleFunc("GET "+controlPath+"/state.json", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, p.controlOf(r))
	})
	mux.HandleFunc("GET "+controlPath+"/picture/{id}", p.controlPicture)
	mux.HandleFunc("POST "+controlPath+"/videos/{id}", p.changing("state", func(r *http.Request, value string) error {
		return p.SetState(r.PathValue("id"), State(value))
	}))
	mux.HandleFunc("POST "+controlPath+"/channels/{id}", p.changing("closed", func(r *http.Request, value string) error {
		return p.SetChannelClosed(r.PathValue("id"), value == "true")
	}))
	mux.HandleFunc("POST "+controlPath+"/fault", p.changing("fault", func(_ *http.Request, value string) error {
		return p.SetFault(Fault(value))
	}))
	return mux
}

// guarded keeps other sites from driving the platform through a visitor's
// browser: by a forged form (Sec-Fetch-Site, Origin), or by a host name of
// theirs that resolves to this machine.
func (p *Platform) guarded(next http.Handler) http.Handler {
	same := http.NewCrossOriginProtection()
	for _, origin := range p.o.TrustedOrigins {
		_ = same.AddTrustedOrigin(origin) // what is no origin stays untrusted
	}
	return same.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.ownHost(r) {
			http.Error(w, "Misdirected Request", http.StatusMisdirectedRequest)
			return
		}
		if origin := r.Header.Get("Origin"); slices.Contains(p.o.TrustedOrigins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		w.Header().Add("Vary", "Origin")
		next.ServeHTTP(w, r)
	}))
}

// ownHost reports whether the request names the public host or a loopback one.
func (p *Platform) ownHost(r *http.Request) bool {
	if r.Host == hostOf(p.baseOf(r)) && p.publicHost() {
		return true
	}
	name := r.Host
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		name = host
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}

func (p *Platform) publicHost() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.base != ""
}

func (p *Platform) controlOf(r *http.Request) control {
	c := control{Name: p.o.Name, BaseURL: p.baseOf(r), Fault: p.Fault(), Faults: Faults(), States: States()}
	for _, v := range p.List() {
		c.Videos = append(c.Videos, controlledClip{
			ID: v.ID, Title: v.Title, State: v.State, Watch: c.BaseURL + "/watch?v=" + v.ID, Control: v.ID == ControlID,
		})
	}
	for _, ch := range p.Channels() {
		if ch.ID != ControlChannelID {
			c.Channels = append(c.Channels, controlledRoom{ch.ID, ch.Title, ch.Closed})
		}
	}
	return c
}

func (p *Platform) controlPage(w http.ResponseWriter, r *http.Request) {
	page := controlPage{basePage: p.basePage(r, "control.css"), control: p.controlOf(r), Languages: languages()}
	p.render(w, "control.html", "form-action 'self'; frame-ancestors 'self' "+strings.Join(p.origins(), " "), page)
}

// origins is those trusted that may stand in a policy.
func (p *Platform) origins() []string {
	return slices.DeleteFunc(slices.Clone(p.o.TrustedOrigins), func(o string) bool { return targetOf(o) != o })
}

// controlPicture shows a video whatever its state and the platform's faults:
// the person who drives it is to see which one it is.
func (p *Platform) controlPicture(w http.ResponseWriter, r *http.Request) {
	v, known := p.Video(r.PathValue("id"))
	if !known {
		http.NotFound(w, r)
		return
	}
	body, err := p.gallery.picture(v, Medium)
	answerPicture(w, http.StatusOK, body, err)
}

const formLimit = 4 << 10 // 4 KiB: one word

// changing reads one value from a form or from JSON and applies it. A form is
// answered with the control page, JSON (or who accepts it) with the new state.
func (p *Platform) changing(field string, apply func(r *http.Request, value string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		value, err := valueOf(r, field)
		if err == nil {
			err = apply(r, value)
		}
		if err != nil {
			http.Error(w, err.Error(), statusFor(err))
			return
		}
		if isJSON(r) || strings.Contains(r.Header.Get("Accept"), "application/json") {
			writeJSON(w, http.StatusOK, p.controlOf(r))
			return
		}
		http.Redirect(w, r, controlPath+"?hl="+url.QueryEscape(languageOf(r)), http.StatusSeeOther)
	}
}

func statusFor(err error) int {
	switch {
	case errors.Is(err, ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, ErrControl):
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

func valueOf(r *http.Request, field string) (string, error) {
	if !isJSON(r) {
		if err := r.ParseForm(); err != nil {
			return "", fmt.Errorf("reading the form: %w", err)
		}
		return r.PostForm.Get(field), nil
	}
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return "", fmt.Errorf("reading the body: %w", err)
	}
	return fmt.Sprint(body[field]), nil
}
