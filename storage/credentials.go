package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/ini.v1"
)

// ErrNoCredentials says that no credentials for the S3 store were found; the message names where they are looked for.
var ErrNoCredentials = errors.New("no credentials for the S3 store")

// Credentials are what an S3 server asks for.
type Credentials struct {
	AccessKey    string
	SecretKey    string
	SessionToken string // of temporary ones; may be empty
}

// FindCredentials looks where AWS's own programs do: AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, each also as the name of a file
// with _FILE behind it, then the shared credentials file.
func FindCredentials(getenv func(string) string) (Credentials, error) {
	var c Credentials
	for name, field := range map[string]*string{
		"AWS_ACCESS_KEY_ID": &c.AccessKey, "AWS_SECRET_ACCESS_KEY": &c.SecretKey, "AWS_SESSION_TOKEN": &c.SessionToken,
	} {
		value, err := secretFrom(getenv, name)
		if err != nil {
			return Credentials{}, err
		}
		*field = value
	}
	switch {
	case c.AccessKey != "" && c.SecretKey != "":
		return c, nil
	case c.AccessKey != "":
		return Credentials{}, fmt.Errorf("%w: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", ErrNoCredentials)
	case c.SecretKey != "":
		return Credentials{}, fmt.Errorf("%w: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not", ErrNoCredentials)
	}
	return sharedCredentials(getenv)
}

func secretFrom(getenv func(string) string, name string) (string, error) {
	if value := getenv(name); value != "" {
		return value, nil
	}
	file := getenv(name + "_FILE")
	if file == "" {
		return "", nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%w: reading %s_FILE: %w", ErrNoCredentials, name, err)
	}
	return strings.TrimSpace(string(raw)), nil
}

func sharedCredentials(getenv func(string) string) (Credentials, error) {
	name := getenv("AWS_SHARED_CREDENTIALS_FILE")
	if name == "" && getenv("HOME") != "" {
		name = filepath.Join(getenv("HOME"), ".aws", "credentials")
	}
	profile := first(getenv("AWS_PROFILE"), "default")
	missing := fmt.Errorf("%w: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the same with _FILE), or write the profile %q into %s", ErrNoCredentials, profile, first(name, "a file named by AWS_SHARED_CREDENTIALS_FILE"))
	if name == "" {
		return Credentials{}, missing
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return Credentials{}, missing
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("%w: reading %s: %w", ErrNoCredentials, name, err)
	}
	file, err := ini.Load(raw)
	if err != nil { // its text quotes the line, which may be the secret itself
		return Credentials{}, fmt.Errorf("%w: reading %s: a line is neither a [profile] nor name = value", ErrNoCredentials, name)
	}
	s := file.Section(profile)
	c := Credentials{AccessKey: s.Key("aws_access_key_id").String(), SecretKey: s.Key("aws_secret_access_key").String(), SessionToken: s.Key("aws_session_token").String()}
	if c.AccessKey == "" || c.SecretKey == "" {
		return Credentials{}, missing
	}
	return c, nil
}
