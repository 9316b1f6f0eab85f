package people_test

import (
	"slices"
	"testing"

	"videoteca/internal/people"
)

// granted is who may do what, as docs/people.md tells it: viewer, editor, archivist, admin.
func granted() map[people.Permission][4]bool {
	return map[people.Permission][4]bool{
		people.View:     {true, true, true, true},
		people.Edit:     {false, true, false, true},
		people.Withdraw: {false, true, false, true},
		people.Audit:    {false, false, true, true},
		people.Export:   {false, true, true, true},
		people.Import:   {false, false, true, true},
		people.Erase:    {false, false, false, true},
		people.People:   {false, false, false, true},
		people.Settings: {false, false, false, true},
		people.Feed:     {false, false, false, false},
	}
}

func TestEachRoleGrantsWhatItIsFor(t *testing.T) {
	for permission, may := range granted() {
		for i, role := range people.Roles() {
			if got := slices.Contains(role.Grants(), permission); got != may[i] {
				t.Errorf("%s of a %s: %t", permission, role, got)
			}
		}
	}
	if want := len(granted()) - 1; len(people.Permissions()) != want {
		t.Errorf("%d permissions that roles grant, the table has %d", len(people.Permissions()), want)
	}
}

func TestARoleThatIsNoneGrantsNothing(t *testing.T) {
	for _, role := range []people.Role{"", "owner", "ADMIN", "admin "} {
		if got := role.Grants(); len(got) != 0 {
			t.Errorf("%q grants %v", role, got)
		}
	}
}

func TestARoleThatIsKeptDoesNotChangeByWhatACallerDoesWithTheList(t *testing.T) {
	for _, role := range people.Roles() {
		role.Grants()[0] = people.Erase
		people.Permissions()[0] = people.Erase
		if got := role.Grants()[0]; got != people.View {
			t.Errorf("a %s begins with %s", role, got)
		}
	}
}
