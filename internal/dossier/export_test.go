package dossier

// Scan is scan, for the fuzz test.
var Scan = scan
