"""Files that leave the application: XLSX of lists."""
