"""Who was matched and who was not, and whether identity answers changed anything."""
