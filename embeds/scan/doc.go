// Package scan finds references to videos in documents that others wrote: players in frames, their
// stand-ins that a script replaces, links, metadata, and the newsroom's own snippets. It reads bytes
// and asks no network; which address names a video, the caller's platforms say.
package scan
