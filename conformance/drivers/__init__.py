"""Drivers decide what to send next. They never judge; everything goes into the history."""
