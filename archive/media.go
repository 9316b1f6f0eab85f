package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Sizes that a newsroom's files may have, in bytes.
const (
	LargestCopy     = 4 << 30  // 4 GiB: S3 takes 5 in one part
	LargestCaptions = 2 << 20  // 2 MiB: ten hours of speech have less than one
	LargestPoster   = 12 << 20 // 12 MiB: what is decoded at most
)

// Upload is a file of the newsroom's. It is read twice, from where it stands: once
// for its digest and once to keep it. Whoever made it closes it.
type Upload struct {
	Body io.ReadSeeker
	Size int64 // bytes
}

// AddCopy keeps a media file and lets readers play it. Without a statement of the
// rights under which it is held it is refused with a *FieldError, as is a file that is
// no mp4 or webm. A copy that is held already gets the new statement.
func (l *Library) AddCopy(ctx context.Context, id VideoID, u Upload, rights Rights, actor string) (Video, error) {
	if err := rights.Check(); err != nil {
		return Video{}, err
	}
	about, err := u.describe(LargestCopy, KindMP4, KindWebM)
	if err != nil {
		return Video{}, err
	}
	held := Copy{Rights: rights, Added: l.now().UTC()}
	return l.upload(ctx, id, about, u, Cause{Actor: actorOr(actor), Verb: "copy"}, func(v *Video, file File) error {
		held.File = file
		for i := range v.Copies {
			if v.Copies[i].File.Digest == file.Digest {
				v.Copies[i].Rights = rights
				return nil
			}
		}
		v.Copies = append(v.Copies, held)
		return nil
	})
}

// SetCaptions keeps a WebVTT file as the captions in one language. It replaces those before.
func (l *Library) SetCaptions(ctx context.Context, id VideoID, language string, u Upload, actor string) (Video, error) {
	if !ValidLanguage(language) {
		return Video{}, badLanguage("language", language)
	}
	about, err := u.describe(LargestCaptions, KindVTT)
	if err != nil {
		return Video{}, err
	}
	added := Caption{Language: language, Added: l.now().UTC()}
	return l.upload(ctx, id, about, u, Cause{Actor: actorOr(actor), Verb: "captions"}, func(v *Video, file File) error {
		added.File = file
		at := slices.IndexFunc(v.Captions, func(c Caption) bool { return strings.EqualFold(c.Language, language) })
		switch {
		case at < 0:
			v.Captions = append(v.Captions, added)
		case v.Captions[at].File.Digest != file.Digest:
			v.Captions[at] = added
		}
		return nil
	})
}

// SetPoster keeps a picture of the newsroom's own, which is then the poster.
func (l *Library) SetPoster(ctx context.Context, id VideoID, u Upload, actor string) (Video, error) {
	about, err := u.describe(LargestPoster, KindJPEG, KindPNG, KindWebP)
	if err != nil {
		return Video{}, err
	}
	if about.Width, about.Height, err = l.measure(u); err != nil {
		return Video{}, err
	}
	v, err := l.upload(ctx, id, about, u, Cause{Actor: actorOr(actor), Verb: "poster"}, func(v *Video, file File) error {
		if v.Picture == nil || v.Picture.Digest != file.Digest {
			v.Picture = &file
		}
		return nil
	})
	if err != nil {
		return Video{}, err
	}
	l.makePoster(ctx, v)
	return v, nil
}

// measure decodes a picture once, so that none is kept that cannot be shown.
func (l *Library) measure(u Upload) (width, height int, err error) {
	if l.posters == nil {
		return 0, 0, nil
	}
	data, err := u.read()
	if err != nil {
		return 0, 0, err
	}
	if width, height, err = l.posters.Measure(data); err != nil {
		return 0, 0, &FieldError{Field: "file", Problem: "the picture cannot be read: " + err.Error(), Cure: "send a JPEG, PNG or WebP of at most 40 megapixels", Cause: err}
	}
	return width, height, nil
}

// upload keeps a file and changes the record that is to name it. Both are of one video, the one that serves for
// the id: where it is merged into another in between, the file is kept again.
func (l *Library) upload(ctx context.Context, id VideoID, about File, u Upload, cause Cause, change func(*Video, File) error) (Video, error) {
	return follow(id, func(id VideoID) (Video, error) {
		file, err := l.keepUpload(ctx, id, about, u)
		if err != nil {
			return Video{}, err
		}
		return l.updateItself(ctx, id, cause, func(v *Video) error { return change(v, file) })
	})
}

// keepUpload keeps a file of the very video of an id, and leaves it where it stood.
func (l *Library) keepUpload(ctx context.Context, id VideoID, about File, u Upload) (File, error) {
	v, err := l.store.Video(ctx, id)
	if err == nil {
		err = unlessErased(ctx, nothing)(&v) // before many bytes are moved for nothing
	}
	if err != nil {
		return File{}, fmt.Errorf("keeping a file of %s: %w", id, err)
	}
	start, err := u.Body.Seek(0, io.SeekCurrent)
	if err != nil {
		return File{}, fmt.Errorf("reading the file: %w", err)
	}
	file, err := l.store.SaveStream(ctx, id, about, u.Body)
	if err != nil {
		return File{}, fmt.Errorf("keeping %s of %s: %w", about.Name(), id, err)
	}
	_, err = u.Body.Seek(start, io.SeekStart)
	return file, err
}

// describe reads the file once, for its kind, size and digest, and leaves it where it stood.
func (u Upload) describe(largest int64, allowed ...Kind) (File, error) {
	if u.Size > largest {
		return File{}, &FieldError{Field: "file", Problem: fmt.Sprintf("it has %d bytes", u.Size), Cure: fmt.Sprintf("send at most %d", largest)}
	}
	start, err := u.Body.Seek(0, io.SeekCurrent)
	if err != nil {
		return File{}, fmt.Errorf("reading the file: %w", err)
	}
	head := make([]byte, KindHead)
	n, err := io.ReadFull(u.Body, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("reading the file: %w", err)
	}
	kind, known := KindOf(head[:n])
	if !known || !slices.Contains(allowed, kind) {
		return File{}, badKind(n, allowed)
	}
	if _, err := u.Body.Seek(start, io.SeekStart); err != nil {
		return File{}, fmt.Errorf("reading the file: %w", err)
	}
	digest := sha256.New()
	size, err := io.Copy(digest, io.LimitReader(u.Body, largest+1))
	if err != nil {
		return File{}, fmt.Errorf("reading the file: %w", err)
	}
	if size != u.Size {
		return File{}, fmt.Errorf("reading the file: it has %d bytes, %d were announced: %w", size, u.Size, io.ErrUnexpectedEOF)
	}
	_, err = u.Body.Seek(start, io.SeekStart)
	return File{Algorithm: "sha256", Digest: hex.EncodeToString(digest.Sum(nil)), Extension: string(kind), Type: kind.Type(), Bytes: size}, err
}

func badKind(size int, allowed []Kind) error {
	problem := "its content is of no kind that is kept here"
	if size == 0 {
		problem = "it is empty"
	}
	var names []string
	for _, k := range allowed {
		names = append(names, string(k))
	}
	return &FieldError{Field: "file", Problem: problem, Cure: "send one of " + strings.Join(names, ", ")}
}

// read is the whole of a small file, which is left where it stood.
func (u Upload) read() ([]byte, error) {
	start, err := u.Body.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(u.Body, u.Size))
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	_, err = u.Body.Seek(start, io.SeekStart)
	return data, err
}

// ParseRights reads a statement of rights as people give it in one line: an http
// or https address of a licence, else text.
func ParseRights(statement string) Rights {
	statement = strings.TrimSpace(statement)
	if u, err := url.Parse(statement); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return Rights{URI: statement}
	}
	return Rights{Text: statement}
}

// Check reports rights that say nothing, with a *FieldError: without any no copy is kept.
func (r Rights) Check() error {
	if r.URI == "" && strings.TrimSpace(r.Text) == "" {
		return &FieldError{Field: "rights", Problem: "nothing says under what right the newsroom holds this file", Cure: "give a licence's address, or a sentence such as who allowed it and when"}
	}
	if r.URI == "" {
		return checkText("rights", Text{"und": r.Text})
	}
	if u, err := url.Parse(r.URI); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return &FieldError{Field: "rights", Problem: fmt.Sprintf("%q is not a web address", r.URI), Cure: "give it in full, as https://example.org/licence, or say it in words"}
	}
	return nil
}
