package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/web"
)

// clerk writes dossiers of two pieces, and fails between them or before.
type clerk struct{ before, between error }

func (cl clerk) Write(_ context.Context, w io.Writer, id archive.VideoID) error {
	if cl.before != nil {
		return cl.before
	}
	if _, err := fmt.Fprintf(w, "dossier of %s", id); err != nil || cl.between != nil {
		return errors.Join(err, cl.between)
	}
	_, err := io.WriteString(w, ", whole")
	return err
}

func dossierSite(t *testing.T, cl clerk) *site {
	t.Helper()
	return newSite(t, func(o *web.Options) { o.Dossier = cl })
}

const dossierPath = picturedPage + "/dossier.zip"

func TestTheNewsroomDownloadsADossier(t *testing.T) {
	s := dossierSite(t, clerk{})
	session := cookie(s.signIn(t))
	r := s.get(t, dossierPath, session)
	if got := text(t, r); r.StatusCode != http.StatusOK || got != "dossier of "+string(pictured)+", whole" {
		t.Errorf("status %d, %q", r.StatusCode, got)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/zip", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": `attachment; filename="dossier-` + string(pictured) + `-20260409T120000Z.zip"`,
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	head := s.ask(t, http.MethodHead, dossierPath, "", session)
	if head.StatusCode != http.StatusOK || head.Header.Get("Content-Type") != "application/zip" || text(t, head) != "" {
		t.Errorf("HEAD: status %d, %v", head.StatusCode, head.Header)
	}
}

func TestADossierIsForTheNewsroomAlone(t *testing.T) {
	s := dossierSite(t, clerk{})
	if r := s.get(t, dossierPath); r.StatusCode == http.StatusOK || strings.Contains(text(t, r), "dossier of") {
		t.Errorf("a stranger gets it: %d", r.StatusCode)
	}
	if r := s.get(t, dossierPath, cookie(s.signIn(t)), asHost("elsewhere.example")); r.StatusCode == http.StatusOK {
		t.Errorf("another host gets it: %d", r.StatusCode)
	}
}

func TestADossierThatFailsBeforeItBeginsIsAnHonestError(t *testing.T) {
	for name, tt := range map[string]struct {
		path   string
		before error
		want   int
	}{
		"a video that is not there":             {"/videos/" + string(absent) + "/dossier.zip", nil, http.StatusNotFound},
		"what is no id":                         {"/videos/nope/dossier.zip", nil, http.StatusNotFound},
		"a record that has gone meanwhile":      {dossierPath, archive.ErrNotFound, http.StatusNotFound},
		"a store that does not answer":          {dossierPath, archive.ErrUnavailable, http.StatusServiceUnavailable},
		"what nobody foresaw, without a secret": {dossierPath, errDisk, http.StatusInternalServerError},
	} {
		s := dossierSite(t, clerk{before: tt.before})
		r := s.get(t, tt.path, cookie(s.signIn(t)))
		body := text(t, r)
		if r.StatusCode != tt.want || r.Header.Get("Content-Disposition") != "" || strings.Contains(body, "secret") {
			t.Errorf("%s: status %d, want %d: %v", name, r.StatusCode, tt.want, r.Header)
		}
	}
}

// Over a real connection, since it is the connection that tells half a zip from a whole one.
func TestADossierThatFailsMidwayIsCutShort(t *testing.T) {
	s := dossierSite(t, clerk{between: errDisk})
	session := s.signIn(t)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+dossierPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	r.AddCookie(session)
	answer, err := server.Client().Do(r)
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		answer.Body.Close()
	}
	if err == nil {
		t.Errorf("the download looks whole: %d", answer.StatusCode)
	}
	server.Close() // after which nobody writes the log
	if log := s.log.String(); !strings.Contains(log, "a dossier ended midway") {
		t.Errorf("the log has\n%s", log)
	}
}

func TestThePageOffersADossierWhereThereIsOne(t *testing.T) {
	for lang, want := range map[string]string{"en": "Download the dossier (zip)", "es": "Descargar el expediente (zip)"} {
		if page := dossierSite(t, clerk{}).open(t, picturedPage+"?lang="+lang); !strings.Contains(page, want) || !strings.Contains(page, `href="`+dossierPath+`"`) {
			t.Errorf("the page in %s does not offer it", lang)
		}
	}
	s := newSite(t)
	if strings.Contains(s.open(t, picturedPage), "dossier.zip") {
		t.Error("a server that makes none offers one")
	}
	if r := s.get(t, dossierPath, cookie(s.signIn(t))); r.StatusCode != http.StatusNotFound {
		t.Errorf("and answers %d", r.StatusCode)
	}
}
