// Package posters makes the pictures that stand where a player will: decoded from
// what a platform sent, drawn anew at four widths, kept on the local disk.
//
// Pictures from outside are never passed on. What readers get was encoded here,
// so nothing that hides in a file's other parts reaches a browser, and a picture
// that would fill the memory is refused by its header, before it is decoded.
//
// A request is answered from memory or disk alone. With the store down, posters
// made before go on being served, also after a restart. Everything here can be
// deleted and made again from the originals in the store.
//
// Files are named by the original's digest and the width, so videos that share a
// thumbnail share its posters, and several processes share one directory:
//
//	<dir>/<digest[:2]>/<digest>-<width>.r1.jpg
package posters

// Widths are the widths in pixels at which posters are made, the smallest first.
func Widths() []int { return []int{320, 640, 960, 1280} }
