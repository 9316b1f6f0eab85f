package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/spool"
	"videoteca/web"
)

const uploads = "/api/v1/uploads"

// metadata is Upload-Metadata.
func metadata(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(all, ",")
}

func ofCopy() string {
	return metadata("filename", "Reunión.mp4", "purpose", "copies", "video", string(pictured), "rights", "Propia.")
}

func tus() with { return header("Tus-Resumable", "1.0.0") }

func length(n int) with { return header("Upload-Length", strconv.Itoa(n)) }

// begin starts an upload and returns where its pieces go.
func (s *site) begin(t testing.TB, size int, meta string, who with) string {
	t.Helper()
	r := s.ask(t, http.MethodPost, uploads, "", tus(), length(size), header("Upload-Metadata", meta), who)
	at := r.Header.Get("Location")
	if r.StatusCode != http.StatusCreated || !strings.HasPrefix(at, uploads+"/") || r.Header.Get("Upload-Expires") == "" {
		t.Fatalf("beginning: %d at %q until %q: %s", r.StatusCode, at, r.Header.Get("Upload-Expires"), text(t, r))
	}
	return at
}

// piece sends a part of a file.
func (s *site) piece(t testing.TB, at string, offset int, body string, changes ...with) *http.Response {
	t.Helper()
	return s.ask(t, http.MethodPatch, at, body, append([]with{tus(), header("Content-Type", "application/offset+octet-stream"), header("Upload-Offset", strconv.Itoa(offset))}, changes...)...)
}

func (s *site) come(t testing.TB, at string, who with) string {
	t.Helper()
	return s.ask(t, http.MethodHead, at, "", tus(), who).Header.Get("Upload-Offset")
}

func TestAFileComesInPiecesAndIsKeptOnce(t *testing.T) {
	s, folder := receiving(t)
	at := s.begin(t, len(mp4File), ofCopy(), bearer())
	if r := s.piece(t, at, 0, mp4File[:10], bearer()); r.StatusCode != http.StatusNoContent || r.Header.Get("Upload-Offset") != "10" || r.Header.Get("Upload-Expires") == "" {
		t.Fatalf("a piece: %d, %v", r.StatusCode, r.Header)
	}
	r := s.ask(t, http.MethodHead, at, "", tus(), bearer())
	for name, want := range map[string]string{"Upload-Offset": "10", "Upload-Length": strconv.Itoa(len(mp4File)), "Cache-Control": "no-store", "Tus-Resumable": "1.0.0"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, pair := range strings.Split(ofCopy(), ",")[:3] { // the rights are those that it is taken with
		if !strings.Contains(r.Header.Get("Upload-Metadata"), pair) {
			t.Errorf("the metadata %q lacks %q", r.Header.Get("Upload-Metadata"), pair)
		}
	}
	id := strings.TrimPrefix(at, uploads+"/")
	body := fmt.Sprintf(`{"upload":%q,"rights":"La autora lo autorizó."}`, id)
	keep := videos + "/" + string(pictured) + "/copies"
	if p := wantProblem(t, s.call(t, http.MethodPost, keep, body), http.StatusConflict); len(p.Errors) != 1 || p.Errors[0].Location != "body.upload" {
		t.Errorf("kept before it is whole: %+v", p)
	}
	s.piece(t, at, 10, mp4File[10:], bearer())
	if p := wantProblem(t, s.call(t, http.MethodPost, keep, fmt.Sprintf(`{"upload":%q}`, id)), http.StatusUnprocessableEntity); p.Errors[0].Location != "body.rights" {
		t.Errorf("kept without rights: %+v", p)
	}
	first := decode[web.APIVideo](t, s.call(t, http.MethodPost, keep, body))
	again := decode[web.APIVideo](t, s.call(t, http.MethodPost, keep, body)) // as if the answer had been lost
	if len(first.Copies) != 1 || len(again.Copies) != 1 || first.Revision != again.Revision || first.Copies[0] != again.Copies[0] || first.Copies[0].Bytes != int64(len(mp4File)) {
		t.Errorf("first %+v at %d, then %+v at %d", first.Copies, first.Revision, again.Copies, again.Revision)
	}
	wantProblem(t, s.call(t, http.MethodPost, keep, strings.Replace(body, "autora", "agencia", 1)), http.StatusConflict)
	wantProblem(t, s.call(t, http.MethodPut, videos+"/"+string(pictured)+"/poster", fmt.Sprintf(`{"upload":%q}`, id)), http.StatusConflict)
	wantProblem(t, s.call(t, http.MethodPost, videos+"/"+string(bare)+"/copies", body), http.StatusConflict)
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 || !strings.HasSuffix(left[0].Name(), ".json") {
		t.Errorf("beside what is remembered of it %v are left, %v", left, err)
	}
	if r := s.ask(t, http.MethodDelete, at, "", tus(), bearer()); r.StatusCode != http.StatusNoContent {
		t.Errorf("giving it up: %d", r.StatusCode)
	}
	wantProblem(t, s.call(t, http.MethodPost, keep, body), http.StatusNotFound)
}

func TestCaptionsAndPostersComeInPiecesToo(t *testing.T) {
	s, _ := receiving(t)
	path := videos + "/" + string(pictured)
	for purpose, tt := range map[string]struct{ to, file string }{"captions": {path + "/captions/es", vttFile}, "poster": {path + "/poster", pngFile}} {
		r := s.ask(t, http.MethodPost, uploads, tt.file, tus(), length(len(tt.file)), header("Content-Type", "application/offset+octet-stream"),
			header("Upload-Metadata", metadata("purpose", purpose, "video", string(pictured), "language", "es")), bearer()) // all of it with the creation
		if r.StatusCode != http.StatusCreated || r.Header.Get("Upload-Offset") != strconv.Itoa(len(tt.file)) {
			t.Fatalf("%s: %d, %v", purpose, r.StatusCode, r.Header)
		}
		if r := s.call(t, http.MethodPut, tt.to, fmt.Sprintf(`{"upload":%q}`, strings.TrimPrefix(r.Header.Get("Location"), uploads+"/"))); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", purpose, r.StatusCode, text(t, r))
		}
	}
	if v := s.stored(pictured); len(v.Captions) != 1 || v.Picture == nil {
		t.Errorf("kept are %+v and %+v", v.Captions, v.Picture)
	}
	for _, body := range []string{`{}`, `{"upload":""}`, `{"upload":"AAAAAAAAAAAAAAAAAAAAAAAAAA","colour":"red"}`, `{"upload":`} {
		wantProblem(t, s.call(t, http.MethodPut, path+"/poster", body), http.StatusUnprocessableEntity)
	}
	wantProblem(t, s.call(t, http.MethodPut, path+"/poster", `{"upload":"AAAAAAAAAAAAAAAAAAAAAAAAAA"}`), http.StatusNotFound)
}

func TestTheProtocolRefusesAndNamesTheCure(t *testing.T) {
	s, _ := receiving(t)
	at := s.begin(t, 8, ofCopy(), bearer())
	sum := sha256.Sum256([]byte("abcd"))
	right := "sha256 " + base64.StdEncoding.EncodeToString(sum[:])
	post := func(changes ...with) func() *http.Response {
		return func() *http.Response {
			return s.ask(t, http.MethodPost, uploads, "", append([]with{tus(), length(8), header("Upload-Metadata", ofCopy()), bearer()}, changes...)...)
		}
	}
	patch := func(offset int, body string, changes ...with) func() *http.Response {
		return func() *http.Response { return s.piece(t, at, offset, body, append([]with{bearer()}, changes...)...) }
	}
	about := func(pairs ...string) with { return header("Upload-Metadata", metadata(pairs...)) }
	for name, tt := range map[string]struct {
		ask    func() *http.Response
		status int
		where  string
	}{
		"no version":               {post(header("Tus-Resumable", "")), 412, "header.Tus-Resumable"},
		"another version":          {patch(0, "abcd", header("Tus-Resumable", "0.2.2")), 412, "header.Tus-Resumable"},
		"no length":                {post(header("Upload-Length", "")), 400, "header.Upload-Length"},
		"a length that is none":    {post(header("Upload-Length", "-1")), 400, "header.Upload-Length"},
		"a length for later":       {post(header("Upload-Length", ""), header("Upload-Defer-Length", "1")), 400, "header.Upload-Length"},
		"nothing":                  {post(length(0)), 422, "header.Upload-Length"},
		"a copy too large":         {post(length(archive.LargestCopy + 1)), 413, "header.Upload-Length"},
		"captions too large":       {post(length(archive.LargestCaptions+1), about("purpose", "captions", "video", string(pictured), "language", "es")), 413, "header.Upload-Length"},
		"no metadata":              {post(header("Upload-Metadata", "")), 422, "header.Upload-Metadata.purpose"},
		"metadata not in base64":   {post(header("Upload-Metadata", "purpose copies")), 400, "header.Upload-Metadata"},
		"another purpose":          {post(about("purpose", "avatar", "video", string(pictured))), 422, "header.Upload-Metadata.purpose"},
		"no video":                 {post(about("purpose", "copies")), 422, "header.Upload-Metadata.video"},
		"an unknown video":         {post(about("purpose", "copies", "video", string(absent), "rights", "Propia.")), 422, "header.Upload-Metadata.video"},
		"no rights":                {post(about("purpose", "copies", "video", string(pictured))), 422, "header.Upload-Metadata.rights"},
		"rights that say nothing":  {post(about("purpose", "copies", "video", string(pictured), "rights", " \n")), 422, "header.Upload-Metadata.rights"},
		"captions in no language":  {post(about("purpose", "captions", "video", string(pictured))), 422, "header.Upload-Metadata.language"},
		"a language that is none":  {post(about("purpose", "captions", "video", string(pictured), "language", "español!")), 422, "header.Upload-Metadata.language"},
		"a name that ends lines":   {post(about("purpose", "copies", "video", string(pictured), "filename", "a\r\nb")), 422, "header.Upload-Metadata.filename"},
		"before the end":           {patch(4, "abcd"), 409, "header.Upload-Offset"},
		"an offset that is none":   {patch(0, "abcd", header("Upload-Offset", "x")), 400, "header.Upload-Offset"},
		"a piece of another type":  {patch(0, "abcd", header("Content-Type", "video/mp4")), 415, "header.Content-Type"},
		"more than the whole":      {patch(0, "abcdefghi"), 413, "header.Content-Length"},
		"a digest of other bytes":  {patch(0, "abcx", header("Upload-Checksum", right)), 460, "header.Upload-Checksum"},
		"a digest of another kind": {patch(0, "abcd", header("Upload-Checksum", "md5 4vxxTEcn7pOV8yTNLn8zHw==")), 400, "header.Upload-Checksum"},
		"a digest too short":       {patch(0, "abcd", header("Upload-Checksum", "sha256 YWJjZA==")), 400, "header.Upload-Checksum"},
		"another upload": {func() *http.Response {
			return s.piece(t, uploads+"/AAAAAAAAAAAAAAAAAAAAAAAAAA", 0, "abcd", bearer())
		}, 404, "path.id"},
		"what is no upload": {func() *http.Response { return s.piece(t, uploads+"/nope", 0, "abcd", bearer()) }, 404, "path.id"},
	} {
		t.Run(name, func(t *testing.T) {
			r := tt.ask()
			if tt.status == 412 && r.Header.Get("Tus-Version") != "1.0.0" {
				t.Error("it does not say which version is spoken")
			}
			p := wantProblem(t, r, tt.status)
			if len(p.Errors) != 1 || p.Errors[0].Location != tt.where || !strings.Contains(p.Errors[0].Message, "; ") {
				t.Errorf("it says %+v", p)
			}
			if got := s.come(t, at, bearer()); got != "0" {
				t.Errorf("it left %s bytes", got)
			}
		})
	}
	if r := s.piece(t, at, 0, "abcd", bearer(), header("Upload-Checksum", right)); r.StatusCode != http.StatusNoContent || s.come(t, at, bearer()) != "4" {
		t.Errorf("the right digest: %d", r.StatusCode)
	}
	options := s.ask(t, http.MethodOptions, uploads, "", bearer())
	if _, described := decode[description](t, s.get(t, openAPI)).Paths[uploads]["options"].Responses[fmt.Sprint(options.StatusCode)]; !described {
		t.Errorf("asked what is spoken: %d is not described", options.StatusCode)
	}
	for name, want := range map[string]string{"Tus-Version": "1.0.0", "Tus-Extension": "creation,creation-with-upload,expiration,termination,checksum", "Tus-Checksum-Algorithm": "sha256", "Access-Control-Allow-Origin": ""} {
		if got := options.Header.Get(name); got != want {
			t.Errorf("asked what is spoken: %s is %q", name, got)
		}
	}
	wantProblem(t, newSite(t).ask(t, http.MethodPost, uploads, "", tus(), length(8), header("Upload-Metadata", ofCopy()), bearer()), http.StatusNotImplemented)
}

func TestWhatIsSeenToBeNoFilmIsGivenUpAtOnce(t *testing.T) {
	s, folder := receiving(t)
	at := s.begin(t, 1<<20, ofCopy(), bearer())
	if p := wantProblem(t, s.piece(t, at, 0, "<!doctype html>"+strings.Repeat(" ", 1000), bearer()), http.StatusUnprocessableEntity); p.Errors[0].Location != "file" || !strings.Contains(p.Detail, "mp4, webm") {
		t.Errorf("it says %+v", p)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

func TestAnUploadIsOfWhoeverBeganIt(t *testing.T) {
	folder := t.TempDir()
	incoming, err := spool.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	s := newStaffed(t, func(o *web.Options) { o.Spool = incoming })
	admin, editor := s.token(t, people.Edit, people.View), s.as(t, "editor")
	at := s.begin(t, len(pngFile), metadata("purpose", "poster", "video", string(pictured)), editor)
	if r := s.piece(t, at, 0, pngFile, editor); r.StatusCode != http.StatusNoContent {
		t.Fatalf("its owner is refused: %d", r.StatusCode)
	}
	for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete} {
		if r := s.ask(t, method, at, "", tus(), header("Upload-Offset", "0"), header("Content-Type", "application/offset+octet-stream"), admin); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s by somebody else: %d", method, r.StatusCode)
		}
	}
	named := fmt.Sprintf(`{"upload":%q}`, strings.TrimPrefix(at, uploads+"/"))
	wantProblem(t, s.ask(t, http.MethodPut, videos+"/"+string(pictured)+"/poster", named, admin), http.StatusNotFound)
	if r := s.ask(t, http.MethodPut, videos+"/"+string(pictured)+"/poster", named, editor); r.StatusCode != http.StatusOK {
		t.Errorf("its owner: %d", r.StatusCode)
	}
}

func TestUnfinishedUploadsAreBoundedAndNeedRoom(t *testing.T) {
	const exabyte = 1 << 60
	for name, tt := range map[string]struct {
		o    spool.Options
		want int
	}{
		"too many": {spool.Options{PerPerson: 1}, http.StatusTooManyRequests},
		"no room":  {spool.Options{Reserve: exabyte}, http.StatusInsufficientStorage},
	} {
		incoming, err := spool.OpenWith(t.TempDir(), tt.o)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, func(o *web.Options) { o.Spool = incoming })
		ask := func() *http.Response {
			return s.ask(t, http.MethodPost, uploads, "", tus(), length(8), header("Upload-Metadata", ofCopy()), bearer())
		}
		if tt.want == http.StatusTooManyRequests {
			ask()
		}
		if p := wantProblem(t, ask(), tt.want); strings.Contains(p.Detail, "went wrong") {
			t.Errorf("%s: it says %q", name, p.Detail)
		}
	}
}

func TestTheVideosPageTakesFilesThatCameInPieces(t *testing.T) {
	s, _ := receiving(t)
	session := cookie(s.signIn(t))
	send := func(kind, id, rights string) *http.Response {
		body := "--x\r\nContent-Disposition: form-data; name=\"rights\"\r\n\r\n" + rights + "\r\n--x\r\nContent-Disposition: form-data; name=\"upload\"\r\n\r\n" + id + "\r\n--x--\r\n"
		return s.ask(t, http.MethodPost, picturedPage+"/"+kind+"?lang=es", body, session, header("Content-Type", "multipart/form-data; boundary=x"))
	}
	at := s.begin(t, len(mp4File), ofCopy(), session)
	id := strings.TrimPrefix(at, uploads+"/")
	s.piece(t, at, 0, mp4File, session)
	if r := send("copies", id, ""); r.StatusCode != 422 || !strings.Contains(text(t, r), "Sin una declaración de derechos") {
		t.Errorf("without rights: %d", r.StatusCode)
	}
	for range 2 {
		if r := send("copies", id, "Propia."); r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Location"), "done=kept") {
			t.Errorf("kept: %d", r.StatusCode)
		}
	}
	if r := send("copies", strings.Repeat("A", 26), "Propia."); r.StatusCode != http.StatusNotFound {
		t.Errorf("an upload that is not there: %d", r.StatusCode)
	}
	if v := s.stored(pictured); len(v.Copies) != 1 {
		t.Errorf("kept are %+v", v.Copies)
	}
}

// What has come goes into the bucket although whoever sent it went away.
func TestKeepingGoesOnWithoutWhoeverAsked(t *testing.T) {
	s, _ := receiving(t)
	at := s.begin(t, len(mp4File), ofCopy(), bearer())
	s.piece(t, at, 0, mp4File, bearer())
	gone := func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"upload":%q,"rights":"Propia."}`, strings.TrimPrefix(at, uploads+"/"))))
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		*r = *r.WithContext(ctx)
	}
	s.ask(t, http.MethodPost, videos+"/"+string(pictured)+"/copies", "{}", bearer(), gone)
	if v := s.stored(pictured); len(v.Copies) != 1 {
		t.Errorf("kept are %+v", v.Copies)
	}
}
