package people

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"videoteca/archive"
)

// Account is a person, without secrets.
type Account struct {
	Login       string       // what they sign in with, and what events name; it never changes
	Name        string       // as it is shown
	Roles       []Role       //
	Disabled    bool         // may not sign in, and none of its sessions and tokens count
	Language    string       // BCP 47; empty: as the browser asks
	Created     time.Time    //
	CreatedBy   string       // a login; empty for the first
	HasPassword bool         // false until an invitation is taken up
	InviteEnds  time.Time    // of the link that sets a password; zero: there is none
	Tokens      []Token      //
	Feed        *FeedAddress // nil: there is none
}

// Token is what is known of a program's token, without the secret.
type Token struct {
	ID      string       // of the token, not secret
	Name    string       // what its owner called it
	Scopes  []Permission // what it may do at most; never more than its owner
	Created time.Time
	Expires time.Time
	Used    time.Time // the day of its last use, UTC; zero: never
}

// NewAccount is what it takes to make one.
type NewAccount struct {
	Login    string
	Name     string // empty: the login
	Password string // empty: set by whoever takes up an invitation
	Language string // BCP 47; empty: as the browser asks
	Roles    []Role
}

// Bounds of what people type.
const (
	longestName      = 100 // characters, and so 400 bytes at most
	shortestPassword = 12  // characters: NIST SP 800-63B-4 asks for 15 where it is the only factor, and 8 at least
	longestPassword  = 256 // bytes: hashing is dear, and a megabyte of it would be an attack
)

// loginForm is what a login looks like, for events and command lines.
var loginForm = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// reserved are actors of the program itself, whose names in events must not be a person's.
const reserved = "local audit retention demo system"

// CheckLogin reports a login that cannot be had as a *archive.FieldError.
func CheckLogin(login string) error {
	switch {
	case len(login) < 2 || len(login) > 40 || !loginForm.MatchString(login):
		return &archive.FieldError{Field: "login", Problem: fmt.Sprintf("%q is no login", login), Cure: "use 2 to 40 of a-z and 0-9, with single dots, hyphens or underscores between them"}
	case slices.Contains(strings.Fields(reserved), login):
		return &archive.FieldError{Field: "login", Problem: fmt.Sprintf("%q is what the program calls itself", login), Cure: "choose another"}
	}
	return nil
}

// CheckPassword reports a password that is too weak, or too long, as a *archive.FieldError. What
// counts is its length, and that it is not the login over again.
func CheckPassword(password, login string) error {
	switch {
	case !utf8.ValidString(password) || len(password) > longestPassword:
		return &archive.FieldError{Field: "password", Problem: "it is too long or not UTF-8", Cure: fmt.Sprintf("use at most %d bytes", longestPassword)}
	case utf8.RuneCountInString(password) < shortestPassword:
		return &archive.FieldError{Field: "password", Problem: "it is short", Cure: fmt.Sprintf("use at least %d characters; four words that have nothing to do with each other are easy to keep in mind", shortestPassword)}
	case simple(password, login):
		return &archive.FieldError{Field: "password", Problem: "it is easy to guess", Cure: "use four words that have nothing to do with each other"}
	}
	return nil
}

// common are what passwords of the required length are made of most often: words, runs along the
// keyboard, and years, in the languages of the newsroom.
const common = "password passwort contraseña contrasena clave qwertyuiop qwerty asdfghjkl asdfgh zxcvbnm 1q2w3e4r5t 1q2w3e4r " +
	"abcdefgh abcdef abc123 12345678 123456 1234 09876 welcome bienvenido bienvenida administrador administrator admin letmein " +
	"iloveyou teamo elsalvador salvador videoteca secret secreto"

// simple reports a password of few different characters, or one of which little is left without the
// login, common words and digits.
func simple(password, login string) bool {
	lower := strings.ToLower(password)
	kinds := map[rune]bool{}
	for _, r := range lower {
		kinds[r] = true
	}
	rest := lower
	for _, word := range append(strings.Fields(common), strings.ToLower(login)) {
		rest = strings.ReplaceAll(rest, cmp.Or(word, "\x00"), "")
	}
	rest = strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	return len(kinds) < 5 || utf8.RuneCountInString(rest) < shortestPassword/2
}

func (n NewAccount) check() error {
	if err := CheckLogin(n.Login); err != nil {
		return err
	}
	if err := checkName(n.Name); err != nil {
		return err
	}
	if err := checkLanguage(n.Language); err != nil {
		return err
	}
	if len(n.Roles) == 0 {
		_, err := ParseRoles(nil)
		return err
	}
	if n.Password == "" {
		return nil
	}
	return CheckPassword(n.Password, n.Login)
}

func checkName(name string) error {
	if utf8.RuneCountInString(name) > longestName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return &archive.FieldError{Field: "name", Problem: "it is too long or holds control characters", Cure: fmt.Sprintf("use at most %d characters on one line", longestName)}
	}
	return nil
}

func checkLanguage(tag string) error {
	if tag != "" && !archive.ValidLanguage(tag) {
		return &archive.FieldError{Field: "language", Problem: fmt.Sprintf("%q is no language", tag), Cure: "use BCP 47, such as es or en"}
	}
	return nil
}
