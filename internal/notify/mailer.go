package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"time"
)

// sendTime is how long one message may take, greeting to goodbye.
const sendTime = 60 * time.Second

// Mailer hands messages to a mail server. Without TLS it sends only to this machine.
type Mailer struct {
	Server   Server
	From     *mail.Address
	To       []*mail.Address
	Language string      // of the letters, BCP 47
	TLS      *tls.Config // nil: the usual roots
	Timeout  time.Duration
}

// Send hands over one letter. It is tried once; the caller keeps what failed.
func (m *Mailer) Send(ctx context.Context, l Letter) error {
	data, err := message(l, m.From, m.To, m.Language)
	if err != nil {
		return err
	}
	timeout := m.Timeout
	if timeout <= 0 {
		timeout = sendTime
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := m.send(ctx, data); err != nil {
		return fmt.Errorf("sending mail through %s: %w", m.Server, err)
	}
	return nil
}

func (m *Mailer) send(ctx context.Context, data []byte) error {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", m.Server.String())
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Now()) })
	defer stop()
	conn, secure := raw, m.tls()
	if m.Server.Implicit {
		conn = tls.Client(conn, secure)
	}
	c, err := smtp.NewClient(conn, m.Server.Host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer c.Close()
	if err := m.greet(c, secure); err != nil {
		return err
	}
	if err := c.Mail(m.From.Address); err != nil {
		return fmt.Errorf("from %s: %w", m.From.Address, err)
	}
	if err := m.address(c); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil { // which has the server's word for it
		return err
	}
	_ = c.Quit() // it has taken the message already
	return nil
}

// address names the recipients. One whom the server refuses for good (5xx) must not keep the letter from
// the others; where all are refused, or the server asks to come back (4xx), it is not sent.
func (m *Mailer) address(c *smtp.Client) error {
	var refused error
	taken := 0
	for _, to := range m.To {
		err := c.Rcpt(to.Address)
		var answer *textproto.Error
		switch {
		case err == nil:
			taken++
		case errors.As(err, &answer) && answer.Code >= 500:
			refused = errors.Join(refused, fmt.Errorf("to %s: %w", to.Address, err))
		default:
			return fmt.Errorf("to %s: %w", to.Address, err)
		}
	}
	if taken == 0 {
		return refused
	}
	return nil
}

func (m *Mailer) tls() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.TLS != nil {
		c = m.TLS.Clone()
	}
	c.ServerName = m.Server.Host
	return c
}

// greet secures the connection and signs in.
func (m *Mailer) greet(c *smtp.Client, secure *tls.Config) error {
	if !m.Server.Implicit {
		offered, _ := c.Extension("STARTTLS")
		switch {
		case offered:
			if err := c.StartTLS(secure); err != nil {
				return fmt.Errorf("STARTTLS: %w", err)
			}
		case !m.Server.loopback():
			return errors.New("it offers no STARTTLS, and mail is not sent in the clear; use smtps://, or a server on this machine")
		}
	}
	if m.Server.User == "" {
		return nil
	}
	if err := c.Auth(smtp.PlainAuth("", m.Server.User, string(m.Server.Password), m.Server.Host)); err != nil {
		return fmt.Errorf("signing in as %s: %w", m.Server.User, err)
	}
	return nil
}
