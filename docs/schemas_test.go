package docs

import (
	"encoding/json"
	"io/fs"
	"os"
	"testing"
)

func TestTheProgramCarriesEveryPublishedSchema(t *testing.T) {
	carried, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	published, err := fs.Glob(os.DirFS("schemas"), "*.json")
	if err != nil || len(published) < 17 {
		t.Fatalf("%v, %v", published, err)
	}
	for _, name := range published {
		data, err := fs.ReadFile(carried, name)
		if err != nil {
			t.Errorf("%s is not carried: %v", name, err)
		}
		if !json.Valid(data) {
			t.Errorf("%s is no JSON", name)
		}
	}
}
