package people

import (
	"fmt"
	"slices"
	"strings"

	"videoteca/archive"
)

// Permission is one thing that somebody may do.
type Permission string

// The permissions there are.
const (
	View     Permission = "view"     // see everything in the newsroom
	Edit     Permission = "edit"     // register and describe videos, choose sources, keep files, merge
	Withdraw Permission = "withdraw" // withdraw, embargo and publish again
	Audit    Permission = "audit"    // ask sources at once, overrule, release held rounds
	Export   Permission = "export"   // dossiers and reports as files
	Import   Permission = "import"   // register many videos at once
	Erase    Permission = "erase"    // legal holds and erasure
	People   Permission = "people"   // accounts and their roles
	Settings Permission = "settings" // of the installation
)

// Feed is the one thing that a feed's address may: read what changed. No role grants it and no token
// can be given it, since View permits it too.
const Feed Permission = "view:feed"

// Permissions is all that roles grant, in the order in which they are shown.
func Permissions() []Permission {
	return []Permission{View, Edit, Withdraw, Audit, Export, Import, Erase, People, Settings}
}

// Role is a set of permissions with a name. A person may have several.
type Role string

// The roles there are.
const (
	Viewer    Role = "viewer"
	Editor    Role = "editor"
	Archivist Role = "archivist"
	Admin     Role = "admin"
)

// Roles is all of them, in the order in which they are shown.
func Roles() []Role { return []Role{Viewer, Editor, Archivist, Admin} }

// Grants is what a role permits. Editors and archivists are not above one another; an
// administrator may do everything. Everybody sees the audit, and may ask a source again.
func (r Role) Grants() []Permission {
	switch r {
	case Viewer:
		return []Permission{View}
	case Editor:
		return []Permission{View, Edit, Withdraw, Export}
	case Archivist:
		return []Permission{View, Audit, Export, Import}
	case Admin:
		return Permissions()
	}
	return nil
}

// grantedTo is what all the roles permit together, in the order of Permissions.
func grantedTo(roles []Role) []Permission {
	var list []Permission
	for _, p := range Permissions() {
		if slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(r.Grants(), p) }) {
			list = append(list, p)
		}
	}
	return list
}

// ParseRoles reads roles by name. None, or an unknown one, gets a *archive.FieldError of "roles".
func ParseRoles(names []string) ([]Role, error) {
	var roles []Role
	for _, name := range names {
		r := Role(strings.TrimSpace(name))
		if !slices.Contains(Roles(), r) {
			return nil, &archive.FieldError{Field: "roles", Problem: fmt.Sprintf("%q is no role", name), Cure: "choose among viewer, editor, archivist and admin"}
		}
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	if len(roles) == 0 {
		return nil, &archive.FieldError{Field: "roles", Problem: "there is none", Cure: "choose at least one of viewer, editor, archivist and admin"}
	}
	return roles, nil
}

// ParseScopes reads permissions by name. None, or an unknown one, gets a *archive.FieldError of "scopes".
func ParseScopes(names []string) ([]Permission, error) {
	var scopes []Permission
	for _, name := range names {
		p := Permission(strings.TrimSpace(name))
		if !slices.Contains(Permissions(), p) {
			return nil, &archive.FieldError{Field: "scopes", Problem: fmt.Sprintf("%q is no scope", name), Cure: "choose among view, edit, withdraw, audit, export, import, erase, people and settings"}
		}
		if !slices.Contains(scopes, p) {
			scopes = append(scopes, p)
		}
	}
	if len(scopes) == 0 {
		return nil, &archive.FieldError{Field: "scopes", Problem: "there is none", Cure: "choose at least one"}
	}
	return scopes, nil
}
