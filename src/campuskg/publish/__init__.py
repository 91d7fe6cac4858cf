"""What readers get: answers as tables, files and pages, in French and English."""
