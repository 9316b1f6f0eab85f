package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"videoteca/storage"
)

// secret is what must never be seen in a message.
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// written writes a file and returns its path.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhereCredentialsAreLookedFor(t *testing.T) {
	shared := written(t, "[default]\naws_access_key_id = shared\naws_secret_access_key = "+secret+
		"\n\n[newsroom]\naws_access_key_id=newsroom\naws_secret_access_key="+secret+"\naws_session_token=token==\n")
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(written(t, "[default]\naws_access_key_id=home\naws_secret_access_key="+secret+"\n"), filepath.Join(home, ".aws", "credentials")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name       string
		env        environment
		key, token string
	}{
		{"the environment", environment{"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "t"}, "env", "t"},
		{"files that it names", environment{"AWS_ACCESS_KEY_ID_FILE": written(t, "file\n"), "AWS_SECRET_ACCESS_KEY_FILE": written(t, secret+"\n"),
			"AWS_SESSION_TOKEN_FILE": written(t, " t ")}, "file", "t"},
		{"one of each", environment{"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY_FILE": written(t, secret)}, "env", ""},
		{"a value before its file", environment{"AWS_ACCESS_KEY_ID": "env", "AWS_ACCESS_KEY_ID_FILE": written(t, "file"), "AWS_SECRET_ACCESS_KEY": secret}, "env", ""},
		{"the environment before the shared file", environment{"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": secret, "AWS_SHARED_CREDENTIALS_FILE": shared}, "env", ""},
		{"the shared file", environment{"AWS_SHARED_CREDENTIALS_FILE": shared}, "shared", ""},
		{"a profile of it", environment{"AWS_SHARED_CREDENTIALS_FILE": shared, "AWS_PROFILE": "newsroom"}, "newsroom", "token=="},
		{"the home folder", environment{"HOME": home}, "home", ""},
		{"the named file before the home folder", environment{"HOME": home, "AWS_SHARED_CREDENTIALS_FILE": shared}, "shared", ""},
	}
	for _, tt := range tests {
		want := storage.Credentials{AccessKey: tt.key, SecretKey: secret, SessionToken: tt.token}
		if got, err := storage.FindCredentials(tt.env.get); err != nil || got != want {
			t.Errorf("%s: the key is %q with %q, %v", tt.name, got.AccessKey, got.SessionToken, err)
		}
	}
}

func TestMissingCredentialsNameTheCureAndNeverTheSecret(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	tests := []struct {
		name string
		env  environment
		says []string
	}{
		{"nothing", environment{}, []string{"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "_FILE", "AWS_SHARED_CREDENTIALS_FILE"}},
		{"the key alone", environment{"AWS_ACCESS_KEY_ID": "a"}, []string{"AWS_SECRET_ACCESS_KEY is not"}},
		{"the secret alone", environment{"AWS_SECRET_ACCESS_KEY": secret}, []string{"AWS_ACCESS_KEY_ID is not"}},
		{"a file that is missing", environment{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY_FILE": nowhere}, []string{"reading AWS_SECRET_ACCESS_KEY_FILE", nowhere}},
		{"an empty file", environment{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY_FILE": written(t, "\n")}, []string{"AWS_SECRET_ACCESS_KEY is not"}},
		{"a shared file that is missing", environment{"AWS_SHARED_CREDENTIALS_FILE": nowhere}, []string{`the profile "default"`, nowhere}},
		{"a home without one", environment{"HOME": nowhere, "AWS_PROFILE": "p"}, []string{`the profile "p"`, filepath.Join(nowhere, ".aws", "credentials")}},
		{"a profile that is not in it", environment{"AWS_SHARED_CREDENTIALS_FILE": written(t, "[default]\naws_access_key_id=a\naws_secret_access_key="+secret+"\n"),
			"AWS_PROFILE": "other"}, []string{`the profile "other"`}},
		{"half a profile", environment{"AWS_SHARED_CREDENTIALS_FILE": written(t, "[default]\naws_secret_access_key="+secret+"\n")}, []string{`the profile "default"`}},
		{"a shared file of another form", environment{"AWS_SHARED_CREDENTIALS_FILE": written(t, "[default]\naws_access_key_id=a\n"+secret+"\n")}, []string{"reading ", "name = value"}},
		{"a shared file that is a folder", environment{"AWS_SHARED_CREDENTIALS_FILE": t.TempDir()}, []string{"reading "}},
	}
	for _, tt := range tests {
		got, err := storage.FindCredentials(tt.env.get)
		if !errors.Is(err, storage.ErrNoCredentials) || got != (storage.Credentials{}) {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for _, want := range tt.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q lacks %q", tt.name, err, want)
			}
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the message shows the secret: %v", tt.name, err)
		}
	}
}
