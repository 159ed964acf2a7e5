#!/bin/sh
# Validates the tables against their CSVW metadata with the public csvw program.
exec csvwvalidate "${1:?folder of a package}/csv-metadata.json"
