package notify_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"videoteca/internal/notify"
)

func mailer(t *testing.T, o *office, implicit bool) *notify.Mailer {
	t.Helper()
	host, port, err := net.SplitHostPort(o.address)
	if err != nil {
		t.Fatal(err)
	}
	to, err := notify.ParseAddresses([]string{"Redacción <news@example.org>", "archive@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return &notify.Mailer{
		Server: notify.Server{Host: host, Port: port, Implicit: implicit, User: "videoteca", Password: "s3cret"},
		From:   &mail.Address{Name: "Videoteca ñ", Address: "videoteca@example.org"}, To: to, Language: "es",
		TLS: &tls.Config{RootCAs: o.roots, MinVersion: tls.VersionTLS12}, Timeout: 3 * time.Second,
	}
}

func letter() notify.Letter {
	return notify.Letter{
		ID: "abc", At: time.Date(2026, 4, 9, 7, 0, 0, 0, time.UTC), Subject: "Pérdidas\r\nBcc: thief@example.org", Text: "Hola ñ\n.\nfin\n", HTML: "<p>Hola ñ</p>",
	}
}

func TestALetterIsHandedOverInTLS(t *testing.T) {
	for name, implicit := range map[string]bool{"STARTTLS": false, "TLS from the start": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, implicit)
			if err := mailer(t, o, implicit).Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			got := o.messages()
			if len(got) != 1 || o.clear || len(o.auth) != 1 || o.auth[0] != "\x00videoteca\x00s3cret" {
				t.Fatalf("%d messages, auth %q, in the clear: %v", len(got), o.auth, o.clear)
			}
			wantMessage(t, got[0])
		})
	}
}

func wantMessage(t *testing.T, raw string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Pérdidas Bcc: thief@example.org" || m.Header.Get("Bcc") != "" {
		t.Errorf("subject %q, Bcc %q, %v", subject, m.Header.Get("Bcc"), err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Videoteca ñ" {
		t.Errorf("from %v, %v", from, err)
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 2 {
		t.Errorf("to %v, %v", to, err)
	}
	if m.Header.Get("Message-ID") != "<abc@example.org>" || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Date") == "" {
		t.Errorf("headers %v", m.Header)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"Hola ñ\n.\nfin\n", "<p>Hola ñ</p>"} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(text), "\r\n", "\n"); err != nil || got != want {
			t.Errorf("a part is %q, %v", got, err)
		}
	}
}

func TestMailThatCannotBeSentSaysWhyAndNeverThePassword(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*office)
		alter  func(*notify.Mailer)
		want   string
	}{
		"refused":           {func(o *office) { o.refuse = "550 no such user" }, nil, "550"},
		"told to come back": {func(o *office) { o.refuse = "451 greylisted" }, nil, "451"},
		"silent":            {func(o *office) { o.hang = true }, func(m *notify.Mailer) { m.Timeout = 200 * time.Millisecond }, "timeout"},
		"a stranger's":      {nil, func(m *notify.Mailer) { m.TLS = nil }, "certificate"},
		"in the clear":      {func(o *office) { o.plain = true }, func(m *notify.Mailer) { m.Server.Host = "0.0.0.0" }, "STARTTLS"}, // which is this machine, and no loopback address
		"nobody there":      {nil, func(m *notify.Mailer) { m.Server.Port = "1" }, "connect"},
	} {
		t.Run(name, func(t *testing.T) {
			var changes []func(*office)
			if tt.change != nil {
				changes = append(changes, tt.change)
			}
			o := newOffice(t, false, changes...)
			m := mailer(t, o, false)
			if tt.alter != nil {
				tt.alter(m)
			}
			err := m.Send(t.Context(), letter())
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, m.Server, m.Server), "s3cret") {
				t.Errorf("got %v", err)
			}
			if len(o.messages()) != 0 || o.clear {
				t.Error("something was sent all the same")
			}
		})
	}
}

func TestSendingEndsWithItsContext(t *testing.T) {
	o := newOffice(t, false, func(o *office) { o.hang = true })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	if err := mailer(t, o, false).Send(ctx, letter()); err == nil || time.Since(began) > 2*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestMailServersAreReadFromAddresses(t *testing.T) {
	for address, want := range map[string]notify.Server{
		"smtp://mail.example.org":              {Host: "mail.example.org", Port: "587"},
		"smtps://ana@mail.example.org":         {Host: "mail.example.org", Port: "465", Implicit: true, User: "ana", Password: "x"},
		"smtp://a%40b.org@mail.example.org:25": {Host: "mail.example.org", Port: "25", User: "a@b.org", Password: "x"},
	} {
		got, err := notify.ParseServer(address, string(want.Password))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
	for address, password := range map[string]string{
		"mail.example.org": "", "http://mail.example.org": "", "smtp://": "", "smtp://ana:s3cret@mail.example.org": "", "smtp://ana@mail.example.org": "", "smtp://mail.example.org": "x", "smtp://mail.example.org/path": "", "smtp://ana:s3cret@x@mail.example.org": "", "smtp://ana:s3cret": "",
	} {
		if s, err := notify.ParseServer(address, password); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %+v, %v", address, s, err)
		}
	}
	for _, bad := range []string{"", "nobody", "a@b\r\nBcc: c@d", "<>"} {
		if _, err := notify.ParseAddresses([]string{bad}); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

func FuzzParseServer(f *testing.F) {
	f.Add("smtp://ana@mail.example.org:587", "x")
	f.Add("smtps://[::1]", "")
	f.Fuzz(func(t *testing.T, address, password string) {
		s, err := notify.ParseServer(address, password)
		if err == nil && (s.Host == "" || s.Port == "") {
			t.Errorf("%q became %+v", address, s)
		}
	})
}

func TestOneRecipientWhoIsGoneDoesNotKeepTheLetterFromTheOthers(t *testing.T) {
	o := newOffice(t, false, func(o *office) { o.gone = "archive@example.org" })
	if err := mailer(t, o, false).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if len(o.messages()) != 1 {
		t.Error("nobody got it")
	}
}
