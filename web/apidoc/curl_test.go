package apidoc_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/web/apidoc"
)

func TestCommandsCanBePasted(t *testing.T) {
	d := read()
	put, list, file := d.Groups[0].Operations[1].Curl, d.Groups[0].Operations[0].Curl, d.Groups[1].Operations[0].Curl
	for _, want := range []string{
		`curl -H "Authorization: Bearer $TOKEN" -X PUT \`, `-H 'If-Match: "7"'`, `-H "Content-Type: application/json"`, `it'\''s <round>`, `'https://videos.example.org/shapes/a%2Fb?why=two+words'`,
	} {
		if !strings.Contains(put, want) {
			t.Errorf("there is no %q in %s", want, put)
		}
	}
	if strings.Contains(put, "limit") {
		t.Error("what need not be given is given")
	}
	if list != "curl -H \"Authorization: Bearer $TOKEN\" \\\n  'https://videos.example.org/shapes'" {
		t.Errorf("got %s", list)
	}
	if !strings.Contains(file, "--data-binary @file") || strings.Contains(file, "json") {
		t.Errorf("got %s", file)
	}
}

// A shell reads every command as it was meant: what stands in quotes reaches curl unaltered.
func TestAShellReadsACommandAsItWasMeant(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	const printing = `curl() { for part in "$@"; do printf '%s\n' "[$part]"; done; }; TOKEN=secret; `
	for _, given := range []string{"plain", "it's", "''", `a"b`, "$TOKEN", "`id`", `back\slash`, "two\nlines", "!&|;<>"} {
		d := answering(&huma.Schema{Type: "string"}, nil)
		d.Paths["/"].Get.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "string", Examples: []any{given}}}}}
		d.Paths["/"].Get.Parameters = []*huma.Param{{Name: "If-Match", In: "header", Example: given}}
		o := apidoc.Read(d, "https://videos.example.org").Groups[0].Operations[0]
		out, err := exec.CommandContext(t.Context(), shell, "-c", printing+o.Curl).Output()
		if err != nil {
			t.Fatalf("%v in %s", err, o.Curl)
		}
		for _, want := range []string{"[Authorization: Bearer secret]", "[If-Match: " + given + "]", "[" + o.Body.Example + "]", "[https://videos.example.org/]"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%q: curl is not given %s but\n%s", given, want, out)
			}
		}
	}
}
