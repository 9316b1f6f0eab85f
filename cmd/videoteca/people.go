package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/internal/people"
)

// people is who works here.
func (n *newsroom) people() *people.Registry {
	return people.New(n.store.Accounts(), people.Options{Log: n.log, Background: n.background})
}

// linkTo is the address of a page behind a one-time link.
func linkTo(base, page, secret string) string {
	return strings.TrimSuffix(base, "/") + page + "?token=" + url.QueryEscape(secret)
}

// announceSetUp prints the link that makes the first administrator, unless there is one or another
// process has printed it. While the store does not answer it is tried again.
func announceSetUp(ctx context.Context, p *people.Registry, base string, out io.Writer, log *slog.Logger) {
	for {
		secret, err := p.SetUp(ctx)
		switch {
		case err == nil && secret != "":
			fmt.Fprintf(out, "Make the first account within an hour at %s\n", linkTo(base, "/setup", secret))
			return
		case err == nil:
			if governed, err := p.Governed(ctx); err == nil && !governed {
				log.InfoContext(ctx, "the link for the first account was printed by a process before; it is good for an hour. videoteca user add makes accounts too")
			}
			return
		}
		log.WarnContext(ctx, "whether there are accounts is not known yet; it is asked again", slog.Any("error", err))
		if !sleep(ctx, retryReady) {
			return
		}
	}
}

// userCommand manages accounts from the machine's own command line.
type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Make an account, and print the link with which its owner sets a password."`
	Invite  userInviteCommand  `cmd:"" help:"Print a new link with which somebody sets a password, the old one being forgotten."`
	List    userListCommand    `cmd:"" help:"List the accounts."`
	Disable userDisableCommand `cmd:"" help:"Keep somebody from signing in, and end their sessions."`
}

type userAddCommand struct {
	Login        string   `arg:"" help:"What they sign in with: small letters, digits, single dots and hyphens."`
	Role         []string `default:"editor" help:"Role: viewer, editor, archivist or admin. May be given several times."`
	Name         string   `help:"How they are called."`
	Language     string   `name:"lang" aliases:"language" env:"VIDEOTECA_LANG,VIDEOTECA_LANGUAGE" placeholder:"TAG" help:"Language of their pages, es or en."`
	PasswordFile string   `placeholder:"FILE" help:"File that holds the password, - for standard input; without one a link is printed that sets it."`
}

// Run makes an account.
func (u userAddCommand) Run(ctx context.Context, s *Settings, c console) error {
	roles, err := people.ParseRoles(u.Role)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	password, err := u.password(c.in)
	if err != nil {
		return err
	}
	return withPeople(ctx, s, c, func(n *newsroom, p *people.Registry) error {
		a, err := p.Add(ctx, people.NewAccount{Login: u.Login, Name: u.Name, Language: u.Language, Password: password, Roles: roles}, "")
		if err != nil {
			return usageOr(err)
		}
		if password != "" {
			fmt.Fprintf(c.out, "%s can sign in\n", a.Login)
			return nil
		}
		return invite(ctx, n, p, a.Login, c.out)
	})
}

func (u userAddCommand) password(in io.Reader) (string, error) {
	if u.PasswordFile == "" {
		return "", nil
	}
	if u.PasswordFile != "-" {
		return secretFile("--password-file", u.PasswordFile)
	}
	raw, err := io.ReadAll(io.LimitReader(in, 4096)) // bytes, far more than a password may have
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}

type userInviteCommand struct {
	Login string `arg:"" help:"Whose password is to be set."`
}

// Run draws a link.
func (u userInviteCommand) Run(ctx context.Context, s *Settings, c console) error {
	return withPeople(ctx, s, c, func(n *newsroom, p *people.Registry) error {
		return invite(ctx, n, p, u.Login, c.out)
	})
}

func invite(ctx context.Context, n *newsroom, p *people.Registry, login string, out io.Writer) error {
	base, err := n.baseURL()
	if err != nil {
		return err
	}
	secret, err := p.Invite(ctx, login, "")
	if err != nil {
		return usageOr(err)
	}
	fmt.Fprintf(out, "%s\nThis link sets the password of %s. It works once, within a day.\n", linkTo(base, "/join", secret), login)
	return nil
}

type userListCommand struct{}

// Run lists the accounts.
func (userListCommand) Run(ctx context.Context, s *Settings, c console) error {
	return withPeople(ctx, s, c, func(_ *newsroom, p *people.Registry) error {
		accounts, err := p.Accounts(ctx)
		if err != nil {
			return err
		}
		if s.JSON {
			return writeJSON(c.out, shownAccounts(accounts))
		}
		rows := [][]string{{"LOGIN", "NAME", "ROLES", "STATE"}}
		for _, a := range shownAccounts(accounts) {
			rows = append(rows, []string{a.Login, short(a.Name, 40), strings.Join(a.Roles, ", "), a.State})
		}
		return table(c.out, rows)
	})
}

// shownAccount is an account as commands print it.
type shownAccount struct {
	Login   string    `json:"login"`
	Name    string    `json:"name"`
	Roles   []string  `json:"roles"`
	State   string    `json:"state"` // "active", "invited" or "disabled"
	Created time.Time `json:"created"`
}

func shownAccounts(accounts []people.Account) []shownAccount {
	list := []shownAccount{}
	for _, a := range accounts {
		shown := shownAccount{Login: a.Login, Name: a.Name, State: "active", Created: a.Created}
		for _, r := range a.Roles {
			shown.Roles = append(shown.Roles, string(r))
		}
		switch {
		case a.Disabled:
			shown.State = "disabled"
		case !a.HasPassword:
			shown.State = "invited"
		}
		list = append(list, shown)
	}
	return list
}

type userDisableCommand struct {
	Login string `arg:"" help:"Who may no longer sign in."`
}

// Run disables an account.
func (u userDisableCommand) Run(ctx context.Context, s *Settings, c console) error {
	return withPeople(ctx, s, c, func(_ *newsroom, p *people.Registry) error {
		if _, err := p.Disable(ctx, u.Login, ""); err != nil {
			return usageOr(err)
		}
		fmt.Fprintf(c.out, "%s can no longer sign in\n", u.Login)
		return nil
	})
}

// withPeople opens the store for a command about accounts.
func withPeople(ctx context.Context, s *Settings, c console, do func(*newsroom, *people.Registry) error) error {
	n, err := openFor(ctx, s, opening{founds: true}, c)
	if err != nil {
		return err
	}
	defer n.close()
	return do(n, n.people())
}

// usageOr is an error about what was typed as one of usage; somebody who does not exist stays one.
func usageOr(err error) error {
	var field *archive.FieldError
	if errors.As(err, &field) && !errors.Is(err, archive.ErrNotFound) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}
