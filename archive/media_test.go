package archive_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/storage"
)

// An mp4 as short as one can be told by, a webm, and captions.
const (
	mp4File = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41 and a film"
	vttFile = "\ufeffWEBVTT - subtítulos\n\n00:00.000 --> 00:01.000\nHola\n"
)

func webm(t testing.TB) string {
	t.Helper()
	film, err := os.ReadFile("../embeds/testdata/film.webm")
	if err != nil {
		t.Fatal(err)
	}
	return string(film)
}

func picture(t testing.TB, width, height int) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func upload(content string) archive.Upload {
	return archive.Upload{Body: strings.NewReader(content), Size: int64(len(content))}
}

var allowed = archive.Rights{Text: "La autora lo autorizó el 3 de mayo de 2025."}

func TestAFileIsWhatItsContentSays(t *testing.T) {
	for name, tt := range map[string]struct {
		head string
		want string
	}{
		"mp4":               {mp4File, "mp4"},
		"webm":              {webm(t), "webm"},
		"vtt":               {"WEBVTT\n", "vtt"},
		"vtt with a mark":   {vttFile, "vtt"},
		"png":               {picture(t, 1, 1), "png"},
		"jpeg":              {"\xff\xd8\xff\xe0\x00\x10JFIF", "jpg"},
		"webp":              {"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"},
		"matroska":          {"\x1a\x45\xdf\xa3\x01\x00\x42\x82\x88matroska", ""},
		"quicktime":         {"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", ""},
		"html":              {"<!doctype html><script>alert(1)</script>", ""},
		"svg":               {"<svg xmlns='http://www.w3.org/2000/svg'>", ""},
		"words like WEBVTT": {"WEBVTTX", ""},
		"a gif":             {"GIF89a", ""},
		"nothing":           {"", ""},
	} {
		kind, known := archive.KindOf([]byte(tt.head))
		if string(kind) != tt.want || known != (tt.want != "") {
			t.Errorf("%s is taken for %q", name, kind)
		}
	}
}

func FuzzKindOf(f *testing.F) {
	for _, seed := range []string{mp4File, vttFile, "\x1a\x45\xdf\xa3", "RIFF", "\x00\x00\x00\x0cftyp", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		kind, known := archive.KindOf(head)
		if known != (kind.Type() != "") {
			t.Errorf("%q is %q, known: %t", head, kind, known)
		}
	})
}

func TestACopyIsKeptWithItsRights(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	for range 2 { // the second time nothing is added
		kept, err := d.Library.AddCopy(t.Context(), v.ID, upload(mp4File), allowed, "ana")
		if err != nil || len(kept.Copies) != 1 {
			t.Fatalf("copies %+v, %v", kept.Copies, err)
		}
		v = kept
	}
	held := v.Copies[0]
	if held.File.Type != "video/mp4" || held.File.Bytes != int64(len(mp4File)) || held.Rights != allowed || held.Added.IsZero() {
		t.Errorf("kept is %+v", held)
	}
	body, err := d.store.OpenFile(t.Context(), v.ID, held.File, storage.Range{Offset: int64(len(mp4File)) - 4})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if end, err := io.ReadAll(body); err != nil || string(end) != "film" {
		t.Errorf("it ends with %q, %v", end, err)
	}
	licence := archive.ParseRights("https://creativecommons.org/licenses/by/4.0/")
	if v, err = d.Library.AddCopy(t.Context(), v.ID, upload(mp4File), licence, ""); err != nil || v.Copies[0].Rights.URI == "" || v.Copies[0].Rights.Text != "" {
		t.Errorf("the new statement is not kept: %+v, %v", v.Copies, err)
	}
}

func TestWhatIsNotKeptChangesNothingAndNamesTheCure(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	ctx := t.Context()
	for name, tt := range map[string]struct {
		field string
		try   func() (archive.Video, error)
	}{
		"a copy without rights": {"rights", func() (archive.Video, error) {
			return d.Library.AddCopy(ctx, v.ID, upload(mp4File), archive.Rights{}, "")
		}},
		"with blank ones": {"rights", func() (archive.Video, error) {
			return d.Library.AddCopy(ctx, v.ID, upload(mp4File), archive.ParseRights("  "), "")
		}},
		"with an address that is none": {"rights", func() (archive.Video, error) {
			return d.Library.AddCopy(ctx, v.ID, upload(mp4File), archive.Rights{URI: "javascript:alert(1)"}, "")
		}},
		"a copy that is a page":   {"file", func() (archive.Video, error) { return d.Library.AddCopy(ctx, v.ID, upload("<html>"), allowed, "") }},
		"a copy that is captions": {"file", func() (archive.Video, error) { return d.Library.AddCopy(ctx, v.ID, upload(vttFile), allowed, "") }},
		"an empty copy":           {"file", func() (archive.Video, error) { return d.Library.AddCopy(ctx, v.ID, upload(""), allowed, "") }},
		"a copy too large": {"file", func() (archive.Video, error) {
			return d.Library.AddCopy(ctx, v.ID, archive.Upload{Body: strings.NewReader(mp4File), Size: 5 << 30}, allowed, "")
		}},
		"captions in no language":  {"language", func() (archive.Video, error) { return d.Library.SetCaptions(ctx, v.ID, "x", upload(vttFile), "") }},
		"captions that are a film": {"file", func() (archive.Video, error) { return d.Library.SetCaptions(ctx, v.ID, "es", upload(mp4File), "") }},
		"a poster that is none": {"file", func() (archive.Video, error) {
			return d.Library.SetPoster(ctx, v.ID, upload("\xff\xd8\xff nothing more"), "")
		}},
		"a poster that is captions": {"file", func() (archive.Video, error) { return d.Library.SetPoster(ctx, v.ID, upload(vttFile), "") }},
	} {
		_, err := tt.try()
		var field *archive.FieldError
		if !errors.As(err, &field) || field.Field != tt.field || field.Cure == "" {
			t.Errorf("%s: %v, want one that names %s", name, err, tt.field)
		}
	}
	now, err := d.store.Video(ctx, v.ID)
	if err != nil || now.Revision != v.Revision {
		t.Errorf("the record is at revision %d, was at %d (%v)", now.Revision, v.Revision, err)
	}
}

func TestAFileOfAnUnknownVideoIsNotKept(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Library.AddCopy(t.Context(), archive.NewVideoID(), upload(mp4File), allowed, ""); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAFileShorterThanAnnouncedIsNotKept(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	u := archive.Upload{Body: strings.NewReader(mp4File), Size: int64(len(mp4File)) + 1}
	if _, err := d.Library.AddCopy(t.Context(), v.ID, u, allowed, ""); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestCaptionsAreOneALanguage(t *testing.T) {
	d := newDesk(t)
	id := d.register(t, archivetest.NewYorkID).Video.ID
	for _, step := range []struct{ language, content string }{{"es", vttFile}, {"en", vttFile}, {"ES", "WEBVTT\n\nmore"}, {"ES", "WEBVTT\n\nmore"}} {
		if _, err := d.Library.SetCaptions(t.Context(), id, step.language, upload(step.content), "ana"); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.store.Video(t.Context(), id)
	if err != nil || len(v.Captions) != 2 || v.Captions[0].Language != "ES" || v.Captions[0].File.Bytes != int64(len("WEBVTT\n\nmore")) || v.Captions[1].Language != "en" {
		t.Errorf("captions %+v, %v", v.Captions, err)
	}
}

func TestTheNewsroomsPictureIsThePoster(t *testing.T) {
	d := newDesk(t)
	v := d.register(t, archivetest.NewYorkID).Video
	v, err := d.Library.SetPoster(t.Context(), v.ID, upload(picture(t, 40, 30)), "ana")
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := v.Poster(); !ok || p.Width != 40 || p.Height != 30 || p.Type != "image/png" {
		t.Errorf("the poster is %+v", p)
	}
}
