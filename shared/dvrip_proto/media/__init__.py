"""What frames are made of, and what is made of them: NAL units, AAC, G.711, JPEG, MP4."""
