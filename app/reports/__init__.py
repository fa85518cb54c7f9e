"""Files that leave the application: XLSX of lists, DOCX and PDF of letters and minutes."""
