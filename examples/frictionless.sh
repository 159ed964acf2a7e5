#!/bin/sh
# Validates a package with the public frictionless program.
exec frictionless validate "${1:?folder of a package}/datapackage.json"
