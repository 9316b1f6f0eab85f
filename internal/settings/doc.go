// Package settings is what people choose for an installation, for all its replicas: how carefully and
// how often audits ask, and how long is kept what platforms return. It knows each field's standard
// value and bounds, reads values as people write them, and has every change recorded with who made it.
package settings
