"""What every page is made of: base layouts, components, charts, the brand stylesheet, our own static files.

A page of any room is `{% extends "design/portal.html" %}` (or `public`, `staff`, `console`, `plain`) and fills blocks.
`frame` says where the society's name, the navigation and the person's name come from; `design/gallery.html` shows
every component.
"""
