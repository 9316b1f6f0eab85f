package people

import "slices"

// Means is how somebody showed who they are.
type Means string

// The means there are.
const (
	BySession  Means = "session"  // a person in a browser
	ByToken    Means = "token"    // a program
	ByLoopback Means = "loopback" // the demo, on its own machine
)

// Identity is who acts, and what they may do. The zero value is nobody, who may nothing.
type Identity struct {
	Login       string // of the account; what events name
	Name        string // as it is shown
	Roles       []Role
	Permissions []Permission
	Via         Means
	Language    string // the account's choice; empty: as the browser asks
}

// May reports whether the identity has the permission.
func (i Identity) May(p Permission) bool { return slices.Contains(i.Permissions, p) }

// Known reports whether it is somebody.
func (i Identity) Known() bool { return i.Login != "" }

// Loopback is the identity of whoever sits at the machine of a demo.
func Loopback() Identity {
	return Identity{Login: "demo", Name: "Demo", Roles: []Role{Admin}, Permissions: Permissions(), Via: ByLoopback}
}
