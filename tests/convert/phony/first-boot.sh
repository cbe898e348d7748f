#!/bin/sh
# What guests of phony.t are given to run at their first boot.
echo "first boot"
