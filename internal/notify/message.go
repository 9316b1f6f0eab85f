package notify

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Letter is one message, before it is addressed.
type Letter struct {
	ID      string    `json:"id"` // of its Message-ID, before the @
	At      time.Time `json:"at"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	Digest  bool      `json:"digest,omitempty"`
}

// message is a letter as RFC 5322 and RFC 2045 have it.
func message(l Letter, from *mail.Address, to []*mail.Address, language string) ([]byte, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, part := range []struct{ kind, text string }{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {part.kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"},
		})
		if err != nil {
			return nil, fmt.Errorf("writing a message: %w", err)
		}
		q := quotedprintable.NewWriter(w)
		_, _ = q.Write([]byte(part.text)) // into memory
		_ = q.Close()
	}
	_ = parts.Close()
	var out bytes.Buffer
	_, host, _ := strings.Cut(from.Address, "@")
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", joined(to)}, {"Subject", mime.QEncoding.Encode("utf-8", oneLine(l.Subject))},
		{"Date", l.At.Format(time.RFC1123Z)}, {"Message-ID", "<" + l.ID + "@" + host + ">"}, {"MIME-Version", "1.0"},
		{"Auto-Submitted", "auto-generated"}, {"List-Id", "Videoteca <notices." + host + ">"}, {"Content-Language", language},
		{"Content-Type", `multipart/alternative; boundary="` + parts.Boundary() + `"`},
	} {
		fmt.Fprintf(&out, "%s: %s\r\n", h[0], oneLine(h[1]))
	}
	out.WriteString("\r\n")
	out.Write(body.Bytes())
	return out.Bytes(), nil
}

func joined(to []*mail.Address) string {
	var list []string
	for _, a := range to {
		list = append(list, a.String())
	}
	return strings.Join(list, ", ")
}

// oneLine keeps what platforms and people wrote from beginning a header of its own.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
