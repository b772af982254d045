"""The five steps as plain functions from a workbook to results; the part (フォローアップ or トライブ) is an argument."""
